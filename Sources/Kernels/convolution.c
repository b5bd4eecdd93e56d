// Convolution of one image as a matrix product: the values under each place of the window become a column.
// The image is the unit of work, so bits depend on neither batch nor threads. Where many channels meet many, oneDNN's own
// convolution is faster: see primitives.c.
#include "Kernels.h"
#include "primitives.h"
#include "multiversion.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

static ptrdiff_t depth_of(const soma_window *w) { return w->channels * w->kernel_height * w->kernel_width; }
static ptrdiff_t places_of(const soma_window *w) { return w->output_height * w->output_width; }

// The places j of a row for which j·stride + offset lies in 0..<extent: from `first` up to `last`.
static void inside(ptrdiff_t offset, ptrdiff_t extent, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t *first,
                   ptrdiff_t *last) {
  ptrdiff_t from = offset < 0 ? (-offset + stride - 1) / stride : 0;
  ptrdiff_t to = extent > offset ? (extent - offset + stride - 1) / stride : 0;
  *first = from < count ? from : count;
  *last = to < *first ? *first : to < count ? to : count;
}

// columns[tap][place] = image value under that tap at that place, 0 in the padding.
static void spread(const float *restrict image, const soma_window *w, float *restrict columns) {
  float *row = columns;
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t y = 0; y < w->kernel_height; y++)
      for (ptrdiff_t x = 0; x < w->kernel_width; x++) {
        ptrdiff_t first, last;
        inside(x - w->left, w->width, w->stride, w->output_width, &first, &last);
        for (ptrdiff_t i = 0; i < w->output_height; i++, row += w->output_width) {
          const ptrdiff_t line = i * w->stride + y - w->top;
          if (line < 0 || line >= w->height) {
            memset(row, 0, (size_t)w->output_width * sizeof *row);
            continue;
          }
          const float *from = image + (c * w->height + line) * w->width + x - w->left;
          for (ptrdiff_t j = 0; j < first; j++) row[j] = 0;
          if (w->stride == 1) memcpy(row + first, from + first, (size_t)(last - first) * sizeof *row);
          else for (ptrdiff_t j = first; j < last; j++) row[j] = from[j * w->stride];
          for (ptrdiff_t j = last; j < w->output_width; j++) row[j] = 0;
        }
      }
}

// The transpose of `spread`: adds every column back to where it came from.
MULTIVERSION static void gather(const float *restrict columns, const soma_window *w, float *restrict image) {
  const float *row = columns;
  for (ptrdiff_t c = 0; c < w->channels; c++)
    for (ptrdiff_t y = 0; y < w->kernel_height; y++)
      for (ptrdiff_t x = 0; x < w->kernel_width; x++) {
        ptrdiff_t first, last;
        inside(x - w->left, w->width, w->stride, w->output_width, &first, &last);
        for (ptrdiff_t i = 0; i < w->output_height; i++, row += w->output_width) {
          const ptrdiff_t line = i * w->stride + y - w->top;
          if (line < 0 || line >= w->height) continue;
          float *to = image + (c * w->height + line) * w->width + x - w->left;
          if (w->stride == 1) for (ptrdiff_t j = first; j < last; j++) to[j] += row[j];
          else for (ptrdiff_t j = first; j < last; j++) to[j * w->stride] += row[j];
        }
      }
}

void soma_convolve(const float *images, const float *weights, ptrdiff_t count, ptrdiff_t outputs, const soma_window *w,
                   float *output, float *columns) {
  if (soma_blocked_convolve(images, weights, count, outputs, w, output)) return;
  const ptrdiff_t depth = depth_of(w), places = places_of(w), image = w->channels * w->height * w->width;
  for (ptrdiff_t i = 0; i < count; i++, images += image, output += outputs * places) {
    spread(images, w, columns);
    soma_matrix_product(0, 0, outputs, places, depth, weights, depth, columns, places, 0, output, places);
  }
}

void soma_convolve_backward(const float *gradients, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                            const soma_window *w, float *result, float *columns) {
  if (soma_blocked_convolve_backward(gradients, weights, count, outputs, w, result)) return;
  const ptrdiff_t depth = depth_of(w), places = places_of(w), image = w->channels * w->height * w->width;
  for (ptrdiff_t i = 0; i < count; i++, gradients += outputs * places, result += image) {
    soma_matrix_product(1, 0, depth, places, outputs, weights, depth, gradients, places, 0, columns, places);
    memset(result, 0, (size_t)image * sizeof *result);
    gather(columns, w, result);
  }
}

void soma_convolve_weights(const float *gradients, const float *images, ptrdiff_t count, ptrdiff_t outputs,
                           const soma_window *w, float *result, float *columns) {
  if (count > 0 && soma_blocked_convolve_weights(gradients, images, count, outputs, w, result)) return;
  const ptrdiff_t depth = depth_of(w), places = places_of(w), image = w->channels * w->height * w->width;
  memset(result, 0, (size_t)(outputs * depth) * sizeof *result);
  for (ptrdiff_t i = 0; i < count; i++) {
    spread(images + i * image, w, columns);
    soma_matrix_product(0, 1, outputs, depth, places, gradients + i * outputs * places, places, columns, places, 1,
                        result, depth);
  }
}
