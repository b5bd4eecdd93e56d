// Average and maximum under a window, one channel after the other. Windows lie inside the image: there is no padding.
#include "Kernels.h"
#include "multiversion.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

static float share_of(const soma_window *w) { return 1.0f / (float)(w->kernel_height * w->kernel_width); }
static ptrdiff_t image_size(const soma_window *w) { return w->channels * w->height * w->width; }

// Size and stride are constants where the loops are to be unrolled.
static inline __attribute__((always_inline)) void average(const float *restrict image, const soma_window *w,
                                                          ptrdiff_t size, ptrdiff_t stride, float *restrict output) {
  const float share = share_of(w);
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t i = 0; i < w->output_height; i++, output += w->output_width) {
      const float *line = image + (c * w->height + i * stride) * w->width;
      for (ptrdiff_t j = 0; j < w->output_width; j++) {
        float sum = 0;
        for (ptrdiff_t y = 0; y < size; y++)
          for (ptrdiff_t x = 0; x < size; x++) sum += line[j * stride + y * w->width + x];
        output[j] = sum * share;
      }
    }
}
MULTIVERSION void soma_pool_average(const float *restrict image, const soma_window *w, float *restrict output) {
  if (w->kernel_height == 2 && w->stride == 2) average(image, w, 2, 2, output);
  else average(image, w, w->kernel_height, w->stride, output);
}

MULTIVERSION void soma_pool_maximum(const float *restrict image, const soma_window *w, float *restrict output) {
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t i = 0; i < w->output_height; i++)
      for (ptrdiff_t j = 0; j < w->output_width; j++) {
        const float *from = image + (c * w->height + i * w->stride) * w->width + j * w->stride;
        float most = from[0];
        for (ptrdiff_t y = 0; y < w->kernel_height; y++)
          for (ptrdiff_t x = 0; x < w->kernel_width; x++) most = from[y * w->width + x] > most ? from[y * w->width + x] : most;
        *output++ = most;
      }
}

static inline __attribute__((always_inline)) void spread_average(const float *restrict gradient, const soma_window *w,
                                                                 float *restrict result) {
  const float share = share_of(w);
  const ptrdiff_t size = w->kernel_height, stride = w->stride;
  memset(result, 0, (size_t)image_size(w) * sizeof *result);
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t i = 0; i < w->output_height; i++, gradient += w->output_width) {
      float *line = result + (c * w->height + i * stride) * w->width;
      for (ptrdiff_t j = 0; j < w->output_width; j++)
        for (ptrdiff_t y = 0; y < size; y++)
          for (ptrdiff_t x = 0; x < size; x++) line[j * stride + y * w->width + x] += gradient[j] * share;
    }
}
// Tiles of 2×2 that cover every pixel: pairs of lines lie one behind the other through all channels.
static int covers_pairs(const soma_window *w) {
  return w->kernel_height == 2 && w->stride == 2 && w->height % 2 == 0 && w->width % 2 == 0;
}
static inline __attribute__((always_inline)) void spread_pairs(const float *restrict gradient, ptrdiff_t lines,
                                                               ptrdiff_t width, float *restrict result) {
  for (ptrdiff_t k = 0; k < lines; k++, result += 2 * width, gradient += width / 2) {
    for (ptrdiff_t i = 0; i < width / 2; i++) result[2 * i] = result[2 * i + 1] = gradient[i] * 0.25f;
    memcpy(result + width, result, (size_t)width * sizeof *result);
  }
}
MULTIVERSION void soma_pool_average_backward(const float *restrict gradient, const soma_window *w,
                                             float *restrict result) {
  if (covers_pairs(w)) spread_pairs(gradient, w->channels * w->output_height, w->width, result);
  else spread_average(gradient, w, result);
}

void soma_pool_maximum_backward(const float *restrict gradient, const float *restrict image, const soma_window *w,
                                float *restrict result) {
  memset(result, 0, (size_t)image_size(w) * sizeof *result);
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t i = 0; i < w->output_height; i++)
      for (ptrdiff_t j = 0; j < w->output_width; j++) {
        const ptrdiff_t corner = (c * w->height + i * w->stride) * w->width + j * w->stride;
        ptrdiff_t first = corner;
        for (ptrdiff_t y = 0; y < w->kernel_height; y++)
          for (ptrdiff_t x = 0; x < w->kernel_width; x++)
            if (image[corner + y * w->width + x] > image[first]) first = corner + y * w->width + x;
        result[first] += *gradient++;
      }
}
