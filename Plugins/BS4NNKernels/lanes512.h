// The same step with 512-bit vectors: counters stay in registers over the events of one time.
#pragma once
#include "lanes.h"

#if SOMA_AVX512
#include <immintrin.h>

static const _Alignas(64) uint8_t soma_iota[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/// Lists the bits of a mask and clears their lanes.
SOMA_WIDE SOMA_INLINE size_t soma_list_512(soma_lanes *lanes, size_t j, __mmask64 hit, uint16_t *fired, size_t found) {
  __m512i unfired = _mm512_loadu_si512(lanes->unfired + j);
  hit &= _mm512_test_epi8_mask(unfired, unfired);
  if (hit == 0) return found;
  _mm512_storeu_si512(lanes->unfired + j, _mm512_mask_mov_epi8(unfired, hit, _mm512_setzero_si512()));
  // Compressing has no loop whose end must be guessed.
  __m512i lanes64 = _mm512_maskz_compress_epi8(hit, _mm512_load_si512(soma_iota));
  __m512i first = _mm512_set1_epi16((short)j);
  _mm512_storeu_si512(fired + found, _mm512_add_epi16(first, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(lanes64))));
  size_t more = (size_t)__builtin_popcountll(hit);
  if (more > 32) {
    __m256i high = _mm512_extracti64x4_epi64(lanes64, 1);
    _mm512_storeu_si512(fired + found + 32, _mm512_add_epi16(first, _mm512_cvtepu8_epi16(high)));
  }
  return found + more;
}
SOMA_WIDE SOMA_INLINE __mmask64 soma_hits_512(const soma_lanes *lanes, size_t j, __m512i part, int32_t limit) {
  if (!lanes->is_wide) return _mm512_cmple_epu8_mask(part, _mm512_set1_epi8((char)(limit > 255 ? 255 : limit)));
  __m512i most = _mm512_set1_epi16((short)(limit > 65535 ? 65535 : limit));
  __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(part));
  __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(part, 1));
  low = _mm512_add_epi16(low, _mm512_loadu_si512(lanes->whole + j));
  high = _mm512_add_epi16(high, _mm512_loadu_si512(lanes->whole + j + 32));
  return (uint64_t)_mm512_cmple_epu16_mask(low, most) | (uint64_t)_mm512_cmple_epu16_mask(high, most) << 32;
}

#define SOMA_LANES_CHUNK(VECTORS)                                                                             \
  do {                                                                                                        \
    __m512i sum[VECTORS];                                                                                     \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[v] = _mm512_loadu_si512(lanes->part + j + 64 * v); \
    for (size_t e = 0; e < count; e++) {                                                                      \
      const uint8_t *row = rows + (size_t)index[e] * lanes->stride + j;                                       \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++)                                                     \
          sum[v] = _mm512_add_epi8(sum[v], _mm512_loadu_si512(row + 64 * v));                                 \
    }                                                                                                         \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) _mm512_storeu_si512(lanes->part + j + 64 * v, sum[v]); \
    if (limit >= 0) {                                                                                         \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {                                                   \
        __mmask64 hit = soma_hits_512(lanes, j + 64 * v, sum[v], limit);                                      \
        if (hit) found = soma_list_512(lanes, j + 64 * v, hit, fired, found);                                 \
      }                                                                                                       \
    }                                                                                                         \
    j += 64 * VECTORS;                                                                                        \
  } while (0)

SOMA_WIDE static inline size_t soma_lanes_step_512(
    soma_lanes *lanes, const uint8_t *rows, const uint16_t *index, size_t count, int32_t limit, uint16_t *fired) {
  size_t j = 0, found = 0, stride = lanes->stride;
  while (stride - j >= 1024) SOMA_LANES_CHUNK(16);
  while (stride - j >= 640) SOMA_LANES_CHUNK(10);
  while (stride - j >= 256) SOMA_LANES_CHUNK(4);
  while (stride - j >= 64) SOMA_LANES_CHUNK(1);
  return found;
}
#endif

SOMA_INLINE int soma_has_512(int form) {
#if SOMA_AVX512
  return form == SOMA_BS4NN_FASTEST && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512vbmi2");
#else
  (void)form;
  return 0;
#endif
}
