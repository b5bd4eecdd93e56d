// Linear layers that read spikes as bits: rows of weights are added and subtracted, nothing is multiplied. A block of outputs
// stays in registers while the spikes of 64 channels under a row of the kernel are added, positive ones first; weights of one
// such step serve a whole row of places from cache. The order depends on the shape only.
#include "TernarySpikeKernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF
#define INLINE static inline __attribute__((always_inline))

MULTIVERSION ptrdiff_t ternary_count(const float *values, const float *units, ptrdiff_t n, ptrdiff_t levels) {
  ptrdiff_t count = 0;
  for (ptrdiff_t k = 0; k < levels; k++) {
    const float level = (float)k + 0.5f;
    for (ptrdiff_t first = 0; first < n; first += 4096) {
      int32_t some = 0;
      for (ptrdiff_t i = first; i < (n - first < 4096 ? n : first + 4096); i++)
        some += __builtin_fabsf(values[i]) > level * units[i];
      count += some;
    }
  }
  return count;
}

/// The bits of 64 values, or of fewer at the end of a row, whose size is above a limit.
INLINE uint64_t bits_above(const float *x, const float *unit, float level, float sign, ptrdiff_t n) {
  uint64_t word = 0;
  if (n >= 64) {
    for (int i = 0; i < 64; i++) word |= (uint64_t)(sign * x[i] > level * unit[i]) << i;
  } else {
    for (ptrdiff_t i = 0; i < n; i++) word |= (uint64_t)(sign * x[i] > level * unit[i]) << i;
  }
  return word;
}
INLINE void pack_rows(const ternary_window *w, const float *x, const float *units, float level, float sign,
                      uint64_t *plane) {
  const ptrdiff_t places = w->height * w->width;
  for (ptrdiff_t p = 0; p < places; p++)
    for (ptrdiff_t c = 0; c < w->channels; c += 64)
      plane[c / 64 * places + p] = bits_above(x + p * w->channels + c, units + c, level, sign, w->channels - c);
}
INLINE void pack_image(const ternary_window *w, const float *x, const float *units, float level, float sign,
                       uint64_t *plane) {
  const ptrdiff_t places = w->height * w->width;
  __builtin_memset(plane, 0, (size_t)((w->channels + 63) / 64 * places) * sizeof *plane);
  for (ptrdiff_t c = 0; c < w->channels; c++) {
    const float *restrict image = x + c * places, limit = level * units[c];
    uint64_t *restrict words = plane + c / 64 * places;
    const int bit = (int)(c % 64);
    for (ptrdiff_t p = 0; p < places; p++) words[p] |= (uint64_t)(sign * image[p] > limit) << bit;
  }
}
MULTIVERSION void ternary_pack(const ternary_window *w, const float *values, const float *units, uint64_t *planes) {
  const ptrdiff_t words = (w->channels + 63) / 64 * w->height * w->width;
  for (ptrdiff_t k = 0; k < w->levels * w->signs; k++) {
    const float level = (float)(k / w->signs) + 0.5f, sign = k % w->signs ? -1.0f : 1.0f;
    if (w->is_dense)
      pack_rows(w, values, units, level, sign, planes + k * words);
    else
      pack_image(w, values, units, level, sign, planes + k * words);
  }
}

/// Spikes of one sign in one group of 64 channels: those of place p are list[first[p]] ..< list[first[p + 1]], as column · 64 +
/// channel, so that the places under a row of the kernel are one run. Returns how many there are.
INLINE uint32_t list_spikes(const ternary_window *w, const uint64_t *planes, ptrdiff_t group, ptrdiff_t sign,
                            uint32_t *first, uint32_t *list) {
  const ptrdiff_t places = w->height * w->width, words = (w->channels + 63) / 64 * places;
  const uint64_t *plane = planes + sign * words + group * places;
  uint32_t found = 0;
  for (ptrdiff_t p = 0; p < places; p++) {
    const uint32_t column = (uint32_t)(p % w->width * 64);
    first[p] = found;
    for (ptrdiff_t k = 0; k < w->levels; k++)
      for (uint64_t bits = plane[k * w->signs * words + p]; bits; bits &= bits - 1)
        list[found++] = column + (uint32_t)__builtin_ctzll(bits);
  }
  first[places] = found;
  return found;
}

typedef float lanes __attribute__((vector_size(64), aligned(64)));
enum { BLOCK = 128 };
typedef struct {
  uint32_t *first[2], *list[2];
} spikes;

/// Adds what lies under one row of the kernel at one place to `vectors` · 16 sums.
INLINE void add_run(const ternary_window *w, const spikes *s, const lanes *weights, ptrdiff_t row, ptrdiff_t left,
                    const int vectors, lanes *result) {
  const ptrdiff_t right = left + w->kernel_width, from = left < 0 ? 0 : left, to = right > w->width ? w->width : right;
  const lanes *taps = weights - left * 64 * vectors;
  lanes sum[BLOCK / 16];
  for (int v = 0; v < vectors; v++) sum[v] = result[v];
  const uint32_t *e = s->list[0] + s->first[0][row * w->width + from];
  for (const uint32_t *end = s->list[0] + s->first[0][row * w->width + to]; e < end; e++)
    for (int v = 0; v < vectors; v++) sum[v] += taps[*e * vectors + v];
  if (w->signs == 2) {
    e = s->list[1] + s->first[1][row * w->width + from];
    for (const uint32_t *end = s->list[1] + s->first[1][row * w->width + to]; e < end; e++)
      for (int v = 0; v < vectors; v++) sum[v] -= taps[*e * vectors + v];
  }
  for (int v = 0; v < vectors; v++) result[v] = sum[v];
}
/// Adds a group of channels to the sums of all places and one block of outputs.
INLINE void add_group(const ternary_window *w, const spikes *s, const lanes *weights, const int vectors, lanes *sums) {
  const ptrdiff_t tap_row = w->kernel_width * 64 * vectors;
  for (ptrdiff_t y = 0; y < w->output_height; y++)
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
      const ptrdiff_t row = y * w->stride + ky - w->top;
      if (row < 0 || row >= w->height) continue;
      for (ptrdiff_t x = 0; x < w->output_width; x++)
        add_run(w, s, weights + ky * tap_row, row, x * w->stride - w->left, vectors,
                sums + (y * w->output_width + x) * vectors);
    }
}
INLINE void write_sums(const ternary_window *w, const float *sums, ptrdiff_t first, ptrdiff_t width, ptrdiff_t row,
                       float *output) {
  const ptrdiff_t places = w->output_height * w->output_width;
  if (w->is_dense) {
    for (ptrdiff_t p = 0; p < places; p++)
      for (ptrdiff_t j = 0; j < width; j++) output[p * w->outputs + first + j] = sums[p * row + j];
  } else {
    for (ptrdiff_t j = 0; j < width; j++)
      for (ptrdiff_t p = 0; p < places; p++) output[(first + j) * places + p] = sums[p * row + j];
  }
}

MULTIVERSION void ternary_add(const ternary_window *w, const uint64_t *planes, const float *weights, const float *bias,
                              uint32_t *scratch, float *sums, float *output) {
  const ptrdiff_t inputs = w->height * w->width, places = w->output_height * w->output_width;
  const ptrdiff_t groups = (w->channels + 63) / 64, taps = w->kernel_height * w->kernel_width;
  const ptrdiff_t padded = (w->outputs + 15) / 16 * 16, most = inputs * 64 * w->levels;
  spikes s = {{scratch, scratch + inputs + 1}, {scratch + 2 * (inputs + 1), scratch + 2 * (inputs + 1) + most}};
  for (ptrdiff_t o = 0; o < padded; o += BLOCK) {
    const ptrdiff_t width = padded - o < BLOCK ? padded - o : BLOCK;
    for (ptrdiff_t p = 0; p < places; p++) __builtin_memcpy(sums + p * width, bias + o, (size_t)width * sizeof *sums);
    for (ptrdiff_t g = 0; g < groups; g++) {
      for (ptrdiff_t sign = 0; sign < w->signs; sign++) list_spikes(w, planes, g, sign, s.first[sign], s.list[sign]);
      const lanes *part = (const lanes *)(weights + (o * groups + g * width) * taps * 64);
      switch (width / 16) {
      case 1: add_group(w, &s, part, 1, (lanes *)sums); break;
      case 2: add_group(w, &s, part, 2, (lanes *)sums); break;
      case 3: add_group(w, &s, part, 3, (lanes *)sums); break;
      case 4: add_group(w, &s, part, 4, (lanes *)sums); break;
      case 5: add_group(w, &s, part, 5, (lanes *)sums); break;
      case 6: add_group(w, &s, part, 6, (lanes *)sums); break;
      case 7: add_group(w, &s, part, 7, (lanes *)sums); break;
      default: add_group(w, &s, part, 8, (lanes *)sums);
      }
    }
    write_sums(w, sums, o, w->outputs - o < width ? w->outputs - o : width, width, output);
  }
}
