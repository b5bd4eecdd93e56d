// Adding rows of bytes and finding the lanes that cross: the inner loop of all binary layers.
#pragma once
#include "BS4NNKernels.h"
#include "multiversion.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define SOMA_AVX512 1
#define SOMA_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))
#else
#define SOMA_AVX512 0
#endif
#define SOMA_INLINE static inline __attribute__((always_inline))

/// Counts of negative synapses: `part` holds at most the last 255 events, `whole` what came before.
typedef struct {
  uint8_t *part, *unfired;
  uint16_t *whole;
  size_t stride;
  uint32_t events;
  int is_wide;
} soma_lanes;

/// Adds rows, at most as many as `part` has room for, and lists the lanes that are at or below `limit`.
typedef size_t (*soma_lanes_step)(
    soma_lanes *lanes, const uint8_t *rows, const uint16_t *index, size_t count, int32_t limit, uint16_t *fired);

SOMA_INLINE soma_lanes soma_lanes_make(void *scratch, size_t stride, size_t neurons) {
  uint8_t *bytes = scratch;
  soma_lanes lanes = {bytes, bytes + stride, (uint16_t *)(bytes + 2 * stride), stride, 0, 0};
  __builtin_memset(lanes.part, 0, stride);
  __builtin_memset(lanes.unfired, 1, neurons);
  __builtin_memset(lanes.unfired + neurons, 0, stride - neurons);
  return lanes;
}

/// Moves the bytes to the 16-bit counts, so that 255 more events fit.
SOMA_INLINE void soma_lanes_widen(soma_lanes *lanes) {
  if (!lanes->is_wide) __builtin_memset(lanes->whole, 0, 2 * lanes->stride);
  for (size_t j = 0; j < lanes->stride; j++) {
    lanes->whole[j] = (uint16_t)(lanes->whole[j] + lanes->part[j]);
    lanes->part[j] = 0;
  }
  lanes->is_wide = 1;
  lanes->events = 0;
}
SOMA_INLINE int32_t soma_lanes_count(const soma_lanes *lanes, size_t j) {
  return (lanes->is_wide ? lanes->whole[j] : 0) + lanes->part[j];
}
/// All events of one time, however many; only the last piece is compared.
SOMA_INLINE size_t soma_lanes_bucket(
    soma_lanes *lanes, const uint8_t *rows, const uint16_t *index, size_t count, int32_t limit, uint16_t *fired,
    soma_lanes_step step) {
  while (lanes->events + count > 255) {
    size_t piece = 255 - lanes->events;
    step(lanes, rows, index, piece, -1, fired);
    soma_lanes_widen(lanes);
    index += piece;
    count -= piece;
  }
  lanes->events += (uint32_t)count;
  return step(lanes, rows, index, count, limit, fired);
}
/// (n - threshold) >> 1, or -1 while too few inputs have arrived.
SOMA_INLINE int32_t soma_lanes_limit(int64_t arrived, int64_t threshold) {
  return arrived < threshold ? -1 : (int32_t)((arrived - threshold) >> 1);
}

size_t soma_lanes_step_portable(
    soma_lanes *lanes, const uint8_t *rows, const uint16_t *index, size_t count, int32_t limit, uint16_t *fired);
