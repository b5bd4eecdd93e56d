// Two binary layers whose counters stay in registers: up to 640 hidden neurons, 16 outputs and 255 input spikes.
#pragma once
#include "lanes512.h"

#if SOMA_AVX512
#define SOMA_POPCOUNT __attribute__((target( \
    "avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,avx512vpopcntdq,bmi,bmi2,popcnt,lzcnt")))
enum { SOMA_REGISTERS = 10 };

/// Counts of negative synapses, 64 neurons a vector. A neuron that fired is at 255 and stays there, because additions
/// saturate; no other gets that far before the 255th spike, and no limit does.
typedef struct {
  __m512i count[SOMA_REGISTERS];
} soma_registers;

/// Positive synapses of spikes sent so far, an output a lane; with the number of these spikes that is the potential.
typedef struct {
  __m512i low, high;
  int32_t spikes;
} soma_votes;

SOMA_POPCOUNT SOMA_INLINE void soma_registers_start(soma_registers *r, size_t neurons) {
  _Pragma("unroll") for (int v = 0; v < SOMA_REGISTERS; v++) {
    size_t from = 64 * (size_t)v, there = neurons > from ? neurons - from : 0;
    __mmask64 padding = there >= 64 ? 0 : ~0ull << there;
    r->count[v] = _mm512_maskz_set1_epi8(padding, (char)255);
  }
}
SOMA_POPCOUNT SOMA_INLINE void soma_registers_add(soma_registers *r, const uint8_t *row) {
  _Pragma("unroll") for (int v = 0; v < SOMA_REGISTERS; v++)
      r->count[v] = _mm512_adds_epu8(r->count[v], _mm512_loadu_si512(row + 64 * v));
}
/// Writes a bit for each neuron at or below the limit, and takes these out of the race. Returns whether there is one.
SOMA_POPCOUNT SOMA_INLINE int soma_registers_fire(soma_registers *r, int32_t limit, uint64_t *hit) {
  __m512i most = _mm512_set1_epi8((char)limit), fired = _mm512_set1_epi8((char)255);
  uint64_t any = 0;
  _Pragma("unroll") for (int v = 0; v < SOMA_REGISTERS; v++) {
    __mmask64 now = _mm512_cmple_epu8_mask(r->count[v], most);
    r->count[v] = _mm512_mask_mov_epi8(r->count[v], now, fired);
    hit[v] = now;
    any |= now;
  }
  return any != 0;
}
/// Adds the spikes of a step: for each output the spikes on positive synapses. No branch depends on which they are.
SOMA_POPCOUNT SOMA_INLINE void soma_votes_add(soma_votes *votes, const uint64_t *hit, const uint64_t *positive) {
  uint64_t spikes = 0;
  _Pragma("unroll") for (int v = 0; v < SOMA_REGISTERS; v++) {
    __m512i word = _mm512_set1_epi64((long long)hit[v]);
    __m512i low = _mm512_and_si512(word, _mm512_loadu_si512(positive + 16 * v));
    __m512i high = _mm512_and_si512(word, _mm512_loadu_si512(positive + 16 * v + 8));
    votes->low = _mm512_add_epi64(votes->low, _mm512_popcnt_epi64(low));
    votes->high = _mm512_add_epi64(votes->high, _mm512_popcnt_epi64(high));
    spikes += (uint64_t)__builtin_popcountll(hit[v]);
  }
  votes->spikes += (int32_t)spikes;
}
/// Whether an output has p - (n - p) >= threshold, p of n spikes on positive synapses.
SOMA_POPCOUNT SOMA_INLINE int soma_votes_reach(const soma_votes *votes, int32_t threshold, uint32_t outputs) {
  __m512i least = _mm512_set1_epi64(((int64_t)threshold + votes->spikes + 1) >> 1);
  uint32_t low = _mm512_cmpge_epi64_mask(votes->low, least), high = _mm512_cmpge_epi64_mask(votes->high, least);
  return ((low | high << 8) & outputs) != 0;
}
/// The potentials of 16 outputs.
SOMA_POPCOUNT SOMA_INLINE void soma_votes_sums(const soma_votes *votes, uint32_t outputs, int16_t *sums) {
  __m128i low = _mm512_cvtepi64_epi16(votes->low), high = _mm512_cvtepi64_epi16(votes->high);
  __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  both = _mm256_sub_epi16(_mm256_add_epi16(both, both), _mm256_set1_epi16((short)votes->spikes));
  _mm256_storeu_si256((__m256i *)sums, _mm256_maskz_mov_epi16((__mmask16)outputs, both));
}

SOMA_INLINE int soma_has_registers(int form) { return soma_has_512(form) && __builtin_cpu_supports("avx512vpopcntdq"); }
#endif
