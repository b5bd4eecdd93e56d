// Convolutions place by place: what lies under the window is listed once a place, and the potentials of its channels stay
// in registers while the list is added. Weights and spikes go in pairs of input channels, two products an instruction.
#include "L4ConversionKernels.h"

int soma_l4_has_windows(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
  return 0;
#endif
}

void soma_l4_count_sources(
    const soma_l4_window *w, const uint32_t *first, const uint32_t *cell, const uint32_t *index, size_t count,
    int16_t *counts) {
  __builtin_memset(counts, 0, w->height * w->width * w->pairs * 2 * sizeof *counts);
  for (size_t e = 0; e < count; e++)
    for (uint32_t p = first[index[e]]; p < first[index[e] + 1]; p++) counts[cell[p]]++;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,popcnt")))

/// Offsets and values of the pairs under a window that are not 0.
WIDE static size_t list_pairs(const soma_l4_window *w, const int32_t *corner, uint32_t *offset, int32_t *value) {
  size_t found = 0, length = w->kernel_width * w->pairs;
  const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (size_t y = 0; y < w->kernel_height; y++) {
    const int32_t *strip = corner + y * w->width * w->pairs;
    for (size_t j = 0; j < length; j += 16) {
      __mmask16 inside = length - j >= 16 ? 0xffff : (__mmask16)((1u << (length - j)) - 1);
      __m512i pairs = _mm512_maskz_loadu_epi32(inside, strip + j);
      __mmask16 hit = _mm512_test_epi32_mask(pairs, pairs);
      __m512i at = _mm512_add_epi32(iota, _mm512_set1_epi32((int)(y * length + j)));
      // Whole vectors are stored; there is room for one more.
      _mm512_storeu_si512(offset + found, _mm512_maskz_compress_epi32(hit, at));
      _mm512_storeu_si512(value + found, _mm512_maskz_compress_epi32(hit, pairs));
      found += (size_t)__builtin_popcount(hit);
    }
  }
  return found;
}

/// VECTORS · 16 channels of one place through one step; returns how many neurons are listed by then.
#define CHANNELS(VECTORS)                                                                                         \
  WIDE static size_t channels_##VECTORS(                                                                          \
      const soma_l4_layer *layer, const int16_t *weights, const uint32_t *offset, const int32_t *value, size_t count, \
      size_t neuron, size_t width, int32_t *potential, uint32_t *index, size_t found) {                            \
    const __m512i threshold = _mm512_set1_epi32(layer->threshold), top = _mm512_set1_epi32(SOMA_L4_LIMIT),         \
                  bottom = _mm512_set1_epi32(-SOMA_L4_LIMIT),                                                      \
                  iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                  \
    __m512i sum[VECTORS];                                                                                         \
    __mmask16 inside[VECTORS];                                                                                    \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {                                                         \
      inside[v] = width >= 16 * (size_t)v + 16 ? 0xffff : (__mmask16)((1u << (width - 16 * (size_t)v)) - 1);        \
      sum[v] = _mm512_add_epi32(                                                                                  \
          _mm512_maskz_loadu_epi32(inside[v], potential + neuron + 16 * v),                                        \
          _mm512_maskz_loadu_epi32(inside[v], layer->constant + neuron + 16 * v));                                 \
    }                                                                                                             \
    for (size_t e = 0; e < count; e++) {                                                                          \
      const int16_t *row = weights + (size_t)offset[e] * (32 * VECTORS);                                           \
      const __m512i pair = _mm512_set1_epi32(value[e]);                                                           \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[v] =                                                 \
          _mm512_add_epi32(sum[v], _mm512_madd_epi16(pair, _mm512_loadu_si512(row + 32 * v)));                     \
    }                                                                                                             \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {                                                         \
      sum[v] = _mm512_max_epi32(_mm512_min_epi32(sum[v], top), bottom);                                            \
      __mmask16 hit = _mm512_mask_cmpge_epi32_mask(inside[v], sum[v], threshold);                                  \
      __m512i rest = layer->reset == SOMA_L4_HARD ? _mm512_setzero_si512() : _mm512_sub_epi32(sum[v], threshold);  \
      _mm512_mask_storeu_epi32(potential + neuron + 16 * v, inside[v], _mm512_mask_mov_epi32(sum[v], hit, rest));  \
      if (hit) {                                                                                                  \
        __m512i number = _mm512_add_epi32(iota, _mm512_set1_epi32((int)(neuron + 16 * v)));                        \
        _mm512_mask_storeu_epi32(                                                                                 \
            index + found, (__mmask16)((1u << __builtin_popcount(hit)) - 1), _mm512_maskz_compress_epi32(hit, number)); \
        found += (size_t)__builtin_popcount(hit);                                                                 \
      }                                                                                                           \
    }                                                                                                             \
    return found;                                                                                                 \
  }
CHANNELS(1)
CHANNELS(2)
CHANNELS(3)
CHANNELS(4)
typedef size_t channels_form(
    const soma_l4_layer *, const int16_t *, const uint32_t *, const int32_t *, size_t, size_t, size_t, int32_t *,
    uint32_t *, size_t);
static channels_form *const forms[] = {channels_1, channels_2, channels_3, channels_4};

size_t soma_l4_window_step(
    const soma_l4_layer *layer, const soma_l4_window *w, const int16_t *weights, const int16_t *counts,
    int32_t *potential, uint32_t *index, uint32_t *offset, int32_t *value) {
  size_t found = 0, taps = w->kernel_height * w->kernel_width * w->pairs;
  for (size_t y = 0; y < w->output_height; y++)
    for (size_t x = 0; x < w->output_width; x++) {
      const int16_t *corner = counts + (y * w->stride * w->width + x * w->stride) * w->pairs * 2;
      size_t listed = list_pairs(w, (const int32_t *)corner, offset, value);
      size_t place = (y * w->output_width + x) * w->channels;
      for (size_t c = 0; c < w->channels; c += 64) {
        size_t width = w->channels - c < 64 ? w->channels - c : 64;
        found = forms[(width - 1) / 16](
            layer, weights + c * taps * 2, offset, value, listed, place + c, width, potential, index, found);
      }
    }
  return found;
}
#else
size_t soma_l4_window_step(
    const soma_l4_layer *layer, const soma_l4_window *w, const int16_t *weights, const int16_t *counts,
    int32_t *potential, uint32_t *index, uint32_t *offset, int32_t *value) {
  return (void)layer, (void)w, (void)weights, (void)counts, (void)potential, (void)index, (void)offset, (void)value, 0;
}
#endif
