#include "lanes512.h"
#include <limits.h>

size_t soma_bs4nn_sort(
    const uint16_t *times, size_t inputs, uint32_t never, uint32_t *counts, uint16_t *index, uint16_t *time) {
  __builtin_memset(counts, 0, sizeof(uint32_t) * (never + 1));
  for (size_t i = 0; i < inputs; i++)
    if (times[i] < never) counts[times[i] + 1]++;
  for (uint32_t t = 0; t < never; t++) counts[t + 1] += counts[t];
  size_t total = counts[never];
  for (size_t i = 0; i < inputs; i++) {
    if (times[i] >= never) continue;
    uint32_t at = counts[times[i]]++;
    index[at] = (uint16_t)i;
    time[at] = times[i];
  }
  return total;
}

/// The first event later than that at `first`.
SOMA_INLINE size_t bucket_end(soma_bs4nn_events in, size_t first) {
  size_t end = first + 1;
  while (end < in.count && in.time[end] == in.time[first]) end++;
  return end;
}
/// Notes neurons that crossed at index k. Those that crossed at the last index stay silent.
SOMA_INLINE void note(soma_bs4nn_response *out, const uint16_t *fired, size_t found, uint32_t k, uint32_t window) {
  if (k + 1 >= window) return;
  for (size_t f = 0; f < found; f++) {
    out->time[fired[f]] = (uint16_t)(k + 1);
    out->spike_index[out->spikes] = fired[f];
    out->spike_time[out->spikes++] = (uint16_t)(k + 1);
  }
}
SOMA_INLINE void silence(soma_bs4nn_response *out, size_t stride, uint32_t window) {
  for (size_t j = 0; j < stride; j++) out->time[j] = (uint16_t)window;
  out->spikes = 0;
}
SOMA_INLINE void read_potentials(const soma_lanes *lanes, size_t arrived, int32_t *into) {
  for (size_t j = 0; j < lanes->stride; j++) into[j] = (int32_t)arrived - 2 * soma_lanes_count(lanes, j);
}

SOMA_INLINE void forward_signs(
    const uint8_t *negative, size_t neurons, size_t stride, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end, soma_lanes_step step) {
  soma_lanes lanes = soma_lanes_make(out->scratch, stride, neurons);
  uint32_t probe_index = window >= 3 ? window - 3 : 0;
  int probed = probe == NULL;
  silence(out, stride, window);
  if (crossing) for (size_t j = 0; j < stride; j++) crossing[j] = INT32_MIN;
  size_t first = 0;
  while (first < in.count && in.time[first] < window) {
    uint32_t k = in.time[first];
    size_t last = bucket_end(in, first);
    if (!probed && k > probe_index) {
      read_potentials(&lanes, first, probe);
      probed = 1;
    }
    uint16_t *fired = out->spike_index + out->spikes;
    int32_t limit = soma_lanes_limit((int64_t)last, threshold);
    size_t found = soma_lanes_bucket(&lanes, negative, in.index + first, last - first, limit, fired, step);
    if (crossing)
      for (size_t f = 0; f < found; f++)
        crossing[fired[f]] = (int32_t)last - 2 * soma_lanes_count(&lanes, fired[f]);
    note(out, fired, found, k, window);
    first = last;
  }
  if (!probed) read_potentials(&lanes, first, probe);
  if (end) read_potentials(&lanes, first, end);
}

static void forward_portable(
    const uint8_t *negative, size_t neurons, size_t stride, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end) {
  forward_signs(
      negative, neurons, stride, threshold, window, in, out, crossing, probe, end, soma_lanes_step_portable);
}
#if SOMA_AVX512
SOMA_WIDE static void forward_512(
    const uint8_t *negative, size_t neurons, size_t stride, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end) {
  forward_signs(negative, neurons, stride, threshold, window, in, out, crossing, probe, end, soma_lanes_step_512);
}
/// Up to 16 neurons: one vector of 16-bit potentials, one addition per event.
SOMA_WIDE static void forward_narrow_512(
    const uint8_t *negative, size_t neurons, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end) {
  uint32_t probe_index = window >= 3 ? window - 3 : 0;
  int probed = probe == NULL;
  silence(out, 16, window);
  if (crossing) for (size_t j = 0; j < 16; j++) crossing[j] = INT32_MIN;
  __m256i counts = _mm256_setzero_si256();
  __mmask16 unfired = (__mmask16)((1u << neurons) - 1);
  size_t first = 0;
  while (first < in.count && in.time[first] < window) {
    uint32_t k = in.time[first];
    if (!probed && k > probe_index) {
      __m512i v = _mm512_cvtepu16_epi32(counts);
      _mm512_storeu_si512(probe, _mm512_sub_epi32(_mm512_set1_epi32((int)first), _mm512_slli_epi32(v, 1)));
      probed = 1;
    }
    size_t last = first;
    do {
      __m128i row = _mm_loadu_si128((const __m128i *)(negative + 16 * (size_t)in.index[last]));
      counts = _mm256_add_epi16(counts, _mm256_cvtepu8_epi16(row));
      last++;
    } while (last < in.count && in.time[last] == k);
    int32_t limit = soma_lanes_limit((int64_t)last, threshold);
    if (limit >= 0) {
      __mmask16 hit = _mm256_mask_cmple_epu16_mask(unfired, counts, _mm256_set1_epi16((short)limit));
      if (hit) {
        uint16_t values[16];
        _mm256_storeu_si256((__m256i *)values, counts);
        unfired &= (__mmask16)~hit;
        for (uint32_t bits = hit; bits != 0; bits &= bits - 1) {
          uint16_t j = (uint16_t)__builtin_ctz(bits);
          if (crossing) crossing[j] = (int32_t)last - 2 * values[j];
          note(out, &j, 1, k, window);
        }
      }
    }
    first = last;
  }
  __m512i v = _mm512_sub_epi32(_mm512_set1_epi32((int)first), _mm512_slli_epi32(_mm512_cvtepu16_epi32(counts), 1));
  if (!probed) _mm512_storeu_si512(probe, v);
  if (end) _mm512_storeu_si512(end, v);
}
#endif

void soma_bs4nn_forward_signs(
    const uint8_t *negative, size_t neurons, size_t stride, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end, int form) {
#if SOMA_AVX512
  if (stride % 64 == 0 && soma_has_512(form)) {
    forward_512(negative, neurons, stride, threshold, window, in, out, crossing, probe, end);
    return;
  }
  if (stride == 16 && in.count < 65536 && soma_has_512(form)) {
    forward_narrow_512(negative, neurons, threshold, window, in, out, crossing, probe, end);
    return;
  }
#else
  (void)form;
#endif
  forward_portable(negative, neurons, stride, threshold, window, in, out, crossing, probe, end);
}

/// Neurons whose potentials are held at a time.
enum { REALS = 64 };

/// Adds rows to the potentials of all neurons, and leaves 1 in `hit` where an unfired one is above the threshold.
MULTIVERSION static int add_reals(
    float *potential, const float *weights, size_t stride, const uint16_t *index, size_t count, float threshold,
    const uint8_t *unfired, uint8_t *hit) {
  uint8_t any = 0;
  size_t j = 0;
  for (; j + REALS <= stride; j += REALS) {
    float sum[REALS];
    for (size_t l = 0; l < REALS; l++) sum[l] = potential[j + l];
    for (size_t e = 0; e < count; e++) {
      const float *row = weights + (size_t)index[e] * stride + j;
      for (size_t l = 0; l < REALS; l++) sum[l] += row[l];
    }
    for (size_t l = 0; l < REALS; l++) potential[j + l] = sum[l];
    for (size_t l = 0; l < REALS; l++) {
      uint8_t h = (uint8_t)(sum[l] > threshold) & unfired[j + l];
      hit[j + l] = h;
      any |= h;
    }
  }
  for (; j < stride; j++) {
    float sum = potential[j];
    for (size_t e = 0; e < count; e++) sum += weights[(size_t)index[e] * stride + j];
    potential[j] = sum;
    hit[j] = (uint8_t)(sum > threshold) & unfired[j];
    any |= hit[j];
  }
  return any;
}

static void forward_reals_portable(
    const float *weights, size_t neurons, size_t stride, float threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, float *crossing, float *probe, float *end) {
  float *potential = out->scratch;
  uint8_t *unfired = (uint8_t *)(potential + stride), *hit = unfired + stride;
  uint32_t probe_index = window >= 3 ? window - 3 : 0;
  int probed = probe == NULL;
  silence(out, stride, window);
  for (size_t j = 0; j < stride; j++) {
    potential[j] = 0;
    unfired[j] = j < neurons;
    if (crossing) crossing[j] = __builtin_nanf("");
  }
  size_t first = 0;
  while (first < in.count && in.time[first] < window) {
    uint32_t k = in.time[first];
    size_t last = bucket_end(in, first);
    if (!probed && k > probe_index) {
      __builtin_memcpy(probe, potential, stride * sizeof(float));
      probed = 1;
    }
    if (add_reals(potential, weights, stride, in.index + first, last - first, threshold, unfired, hit)) {
      for (size_t j = 0; j < stride; j++) {
        if (j % 8 == 0) {
          uint64_t eight;
          __builtin_memcpy(&eight, hit + j, 8);
          if (eight == 0) {
            j += 7;
            continue;
          }
        }
        if (!hit[j]) continue;
        unfired[j] = 0;
        uint16_t neuron = (uint16_t)j;
        if (crossing) crossing[j] = potential[j];
        note(out, &neuron, 1, k, window);
      }
    }
    first = last;
  }
  if (!probed) __builtin_memcpy(probe, potential, stride * sizeof(float));
  if (end) __builtin_memcpy(end, potential, stride * sizeof(float));
}

#if SOMA_AVX512
/// Lists the neurons of a mask, and their potentials where they are asked for.
SOMA_WIDE SOMA_INLINE size_t list_reals_512(
    __mmask64 hit, size_t j, const float *potential, float *crossing, uint16_t *fired, size_t found) {
  for (uint64_t bits = hit; bits != 0; bits &= bits - 1) {
    size_t neuron = j + (size_t)__builtin_ctzll(bits);
    if (crossing) crossing[neuron] = potential[neuron];
    fired[found++] = (uint16_t)neuron;
  }
  return found;
}
/// The same with the potentials of 64 neurons in registers over the events of one time.
SOMA_WIDE static void forward_reals_512(
    const float *weights, size_t neurons, size_t stride, float threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, float *crossing, float *probe, float *end) {
  float *potential = out->scratch;
  uint64_t *unfired = (uint64_t *)(potential + stride);
  uint32_t probe_index = window >= 3 ? window - 3 : 0;
  int probed = probe == NULL;
  __m512 limit = _mm512_set1_ps(threshold);
  silence(out, stride, window);
  __builtin_memset(potential, 0, stride * sizeof(float));
  for (size_t j = 0; j < stride; j += 64)
    unfired[j / 64] = j + 64 <= neurons ? ~0ull : j < neurons ? (1ull << (neurons - j)) - 1 : 0;
  if (crossing) for (size_t j = 0; j < stride; j++) crossing[j] = __builtin_nanf("");
  size_t first = 0;
  while (first < in.count && in.time[first] < window) {
    uint32_t k = in.time[first];
    size_t last = bucket_end(in, first), found = 0;
    uint16_t *fired = out->spike_index + out->spikes;
    if (!probed && k > probe_index) {
      __builtin_memcpy(probe, potential, stride * sizeof(float));
      probed = 1;
    }
    for (size_t j = 0; j < stride; j += 64) {
      __m512 sum[4];
      __mmask64 above = 0;
      _Pragma("unroll") for (int v = 0; v < 4; v++) sum[v] = _mm512_loadu_ps(potential + j + 16 * v);
      for (size_t e = first; e < last; e++) {
        const float *row = weights + (size_t)in.index[e] * stride + j;
        _Pragma("unroll") for (int v = 0; v < 4; v++) sum[v] = _mm512_add_ps(sum[v], _mm512_loadu_ps(row + 16 * v));
      }
      _Pragma("unroll") for (int v = 0; v < 4; v++) {
        _mm512_storeu_ps(potential + j + 16 * v, sum[v]);
        above |= (__mmask64)_mm512_cmp_ps_mask(sum[v], limit, _CMP_GT_OQ) << (16 * v);
      }
      above &= unfired[j / 64];
      if (above == 0) continue;
      unfired[j / 64] &= ~above;
      found = list_reals_512(above, j, potential, crossing, fired, found);
    }
    note(out, fired, found, k, window);
    first = last;
  }
  if (!probed) __builtin_memcpy(probe, potential, stride * sizeof(float));
  if (end) __builtin_memcpy(end, potential, stride * sizeof(float));
}
/// Up to 16 neurons: one vector of potentials, one addition per event.
SOMA_WIDE static void forward_narrow_reals_512(
    const float *weights, size_t neurons, float threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, float *crossing, float *probe, float *end) {
  uint32_t probe_index = window >= 3 ? window - 3 : 0;
  int probed = probe == NULL;
  silence(out, 16, window);
  __m512 sum = _mm512_setzero_ps(), limit = _mm512_set1_ps(threshold), crossed = _mm512_set1_ps(__builtin_nanf(""));
  __mmask16 unfired = (__mmask16)((1u << neurons) - 1);
  size_t e = 0;
  while (e < in.count && in.time[e] < window) {
    uint32_t k = in.time[e];
    if (!probed && k > probe_index) {
      _mm512_storeu_ps(probe, sum);
      probed = 1;
    }
    do sum = _mm512_add_ps(sum, _mm512_loadu_ps(weights + 16 * (size_t)in.index[e++]));
    while (e < in.count && in.time[e] == k);
    __mmask16 hit = _mm512_mask_cmp_ps_mask(unfired, sum, limit, _CMP_GT_OQ);
    if (hit == 0) continue;
    unfired &= (__mmask16)~hit;
    crossed = _mm512_mask_mov_ps(crossed, hit, sum);
    for (uint32_t bits = hit; bits != 0; bits &= bits - 1) {
      uint16_t j = (uint16_t)__builtin_ctz(bits);
      note(out, &j, 1, k, window);
    }
  }
  if (crossing) _mm512_storeu_ps(crossing, crossed);
  if (!probed) _mm512_storeu_ps(probe, sum);
  if (end) _mm512_storeu_ps(end, sum);
}
#endif

void soma_bs4nn_forward_reals(
    const float *weights, size_t neurons, size_t stride, float threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, float *crossing, float *probe, float *end) {
#if SOMA_AVX512
  if (stride % 64 == 0 && soma_has_512(SOMA_BS4NN_FASTEST)) {
    forward_reals_512(weights, neurons, stride, threshold, window, in, out, crossing, probe, end);
    return;
  }
  if (stride == 16 && soma_has_512(SOMA_BS4NN_FASTEST)) {
    forward_narrow_reals_512(weights, neurons, threshold, window, in, out, crossing, probe, end);
    return;
  }
#endif
  forward_reals_portable(weights, neurons, stride, threshold, window, in, out, crossing, probe, end);
}
