#include "L4ConversionKernels.h"
#include "multiversion.h"

MULTIVERSION void soma_l4_add_rows(
    const int16_t *restrict weights, size_t width, const uint32_t *restrict index, size_t count,
    int32_t *restrict sum) {
  for (size_t e = 0; e < count; e++) {
    const int16_t *row = weights + (size_t)index[e] * width;
    for (size_t j = 0; j < width; j++) sum[j] += row[j];
  }
}
MULTIVERSION static void subtract_rows(
    const int16_t *restrict weights, size_t width, const uint32_t *restrict index, size_t count,
    int32_t *restrict sum) {
  for (size_t e = 0; e < count; e++) {
    const int16_t *row = weights + (size_t)index[e] * width;
    for (size_t j = 0; j < width; j++) sum[j] -= row[j];
  }
}
MULTIVERSION static void fire_block(
    int32_t *restrict potential, const int32_t *restrict constant, size_t width, int32_t threshold, int is_hard,
    uint16_t *restrict fired) {
  for (size_t w = 0; w < width; w += 16) {
    uint32_t bits = 0;
    for (size_t j = w; j < w + 16; j++) {
      int32_t v = potential[j] + constant[j];
      v = v > SOMA_L4_LIMIT ? SOMA_L4_LIMIT : v;
      v = v < -SOMA_L4_LIMIT ? -SOMA_L4_LIMIT : v;
      int32_t hit = v >= threshold;
      potential[j] = hit ? (is_hard ? 0 : v - threshold) : v;
      bits |= (uint32_t)hit << (j - w);
    }
    fired[w / 16] = (uint16_t)bits;
  }
}
static void block_portable(
    const int16_t *weights, size_t width, const int32_t *constant, const soma_l4_events *raised,
    const soma_l4_events *lowered, size_t steps, int32_t threshold, int is_hard, int32_t *potential, uint16_t *fired,
    size_t stride) {
  for (size_t t = 0; t < steps; t++) {
    soma_l4_add_rows(weights, width, raised->index + raised->first[t], raised->first[t + 1] - raised->first[t], potential);
    if (lowered)
      subtract_rows(
          weights, width, lowered->index + lowered->first[t], lowered->first[t + 1] - lowered->first[t], potential);
    fire_block(potential, constant, width, threshold, is_hard, fired + t * stride);
  }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

/// A block of VECTORS · 16 outputs, kept in registers over all steps.
#define BLOCK(VECTORS)                                                                                            \
  WIDE static void block_##VECTORS(                                                                               \
      const int16_t *weights, const int32_t *constant, const soma_l4_events *raised, const soma_l4_events *lowered, \
      size_t steps, int32_t threshold, int is_hard, int32_t *potential, uint16_t *fired, size_t stride) {          \
    __m512i sum[VECTORS], limit = _mm512_set1_epi32(threshold), top = _mm512_set1_epi32(SOMA_L4_LIMIT),            \
                          bottom = _mm512_set1_epi32(-SOMA_L4_LIMIT);                                              \
    __m512i taken = is_hard ? _mm512_setzero_si512() : limit, keep = _mm512_set1_epi32(is_hard ? 0 : -1);          \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[v] = _mm512_loadu_si512(potential + 16 * v);           \
    for (size_t t = 0; t < steps; t++) {                                                                          \
      const uint32_t *e = raised->index + raised->first[t], *end = raised->index + raised->first[t + 1];           \
      for (; e < end; e++) {                                                                                      \
        const int16_t *row = weights + (size_t)*e * (16 * VECTORS);                                                \
        _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[v] = _mm512_add_epi32(                             \
            sum[v], _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(row + 16 * v))));                   \
      }                                                                                                           \
      if (lowered) {                                                                                              \
        e = lowered->index + lowered->first[t];                                                                    \
        end = lowered->index + lowered->first[t + 1];                                                              \
        for (; e < end; e++) {                                                                                    \
          const int16_t *row = weights + (size_t)*e * (16 * VECTORS);                                              \
          _Pragma("unroll") for (int v = 0; v < VECTORS; v++) sum[v] = _mm512_sub_epi32(                           \
              sum[v], _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(row + 16 * v))));                 \
        }                                                                                                         \
      }                                                                                                           \
      _Pragma("unroll") for (int v = 0; v < VECTORS; v++) {                                                       \
        sum[v] = _mm512_add_epi32(sum[v], _mm512_loadu_si512(constant + 16 * v));                                  \
        sum[v] = _mm512_max_epi32(_mm512_min_epi32(sum[v], top), bottom);                                          \
        __mmask16 hit = _mm512_cmpge_epi32_mask(sum[v], limit);                                                    \
        sum[v] = _mm512_mask_sub_epi32(sum[v], hit, _mm512_and_si512(sum[v], keep), taken);                        \
        fired[t * stride + (size_t)v] = hit;                                                                       \
      }                                                                                                           \
    }                                                                                                             \
    _Pragma("unroll") for (int v = 0; v < VECTORS; v++) _mm512_storeu_si512(potential + 16 * v, sum[v]);           \
  }
BLOCK(1)
BLOCK(2)
BLOCK(3)
BLOCK(4)
BLOCK(5)
BLOCK(6)
BLOCK(7)
BLOCK(8)
BLOCK(9)
BLOCK(10)
BLOCK(11)
BLOCK(12)
BLOCK(13)
BLOCK(14)
BLOCK(15)
BLOCK(16)
typedef void block_form(
    const int16_t *, const int32_t *, const soma_l4_events *, const soma_l4_events *, size_t, int32_t, int, int32_t *,
    uint16_t *, size_t);
static block_form *const blocks[] = {
    block_1, block_2,  block_3,  block_4,  block_5,  block_6,  block_7,  block_8,
    block_9, block_10, block_11, block_12, block_13, block_14, block_15, block_16};
static int has_512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
#endif

void soma_l4_dense_block(
    const int16_t *weights, size_t width, const int32_t *constant, const soma_l4_events *raised,
    const soma_l4_events *lowered, size_t steps, int32_t threshold, int is_hard, int32_t *potential, uint16_t *fired,
    size_t stride, int form) {
#if defined(__x86_64__)
  if (form == SOMA_L4_FASTEST && has_512()) {
    blocks[width / 16 - 1](
        weights, constant, raised, lowered, steps, threshold, is_hard, potential, fired, stride);
    return;
  }
#else
  (void)form;
#endif
  block_portable(weights, width, constant, raised, lowered, steps, threshold, is_hard, potential, fired, stride);
}

MULTIVERSION size_t soma_l4_count(const uint64_t *fired, size_t words) {
  size_t sum = 0;
  for (size_t w = 0; w < words; w++) sum += (size_t)__builtin_popcountll(fired[w]);
  return sum;
}
size_t soma_l4_list(const uint64_t *fired, size_t words, size_t steps, uint32_t *index, uint32_t *first) {
  size_t found = 0;
  for (size_t t = 0; t < steps; t++) {
    first[t] = (uint32_t)found;
    for (size_t w = 0; w < words; w++) {
      uint64_t bits = fired[t * words + w];
      size_t count = (size_t)__builtin_popcountll(bits);
      // Two at a time, past the end if need be: a word with few spikes has no loop whose end must be guessed.
      for (size_t k = 0; k < count; k += 2) {
        index[found + k] = (uint32_t)(64 * w) + (uint32_t)__builtin_ctzll(bits);
        bits &= bits - 1;
        index[found + k + 1] = (uint32_t)(64 * w) + (uint32_t)__builtin_ctzll(bits | 1ull << 63);
        bits &= bits - 1;
      }
      found += count;
    }
  }
  first[steps] = (uint32_t)found;
  return found;
}
