#include "L4ConversionKernels.h"
#include "multiversion.h"

MULTIVERSION static void add_pieces(
    const soma_l4_synapses *s, const uint32_t *index, size_t count, int32_t *restrict potential) {
  size_t length = s->length;
  for (size_t e = 0; e < count; e++) {
    for (uint32_t p = s->pieces[index[e]]; p < s->pieces[index[e] + 1]; p++) {
      const int16_t *row = s->weights + s->row[p];
      int32_t *to = potential + s->place[p];
      for (size_t j = 0; j < length; j++) to[j] += row[j];
    }
  }
}
/// Several spikes at once may leave the range of 32 bits, so they are added up in 64.
MULTIVERSION static void add_wide(
    const soma_l4_synapses *s, const uint32_t *index, const uint32_t *times, size_t count, int64_t *restrict wide) {
  size_t length = s->length;
  for (size_t e = 0; e < count; e++) {
    int64_t n = times[e];
    for (uint32_t p = s->pieces[index[e]]; p < s->pieces[index[e] + 1]; p++) {
      const int16_t *row = s->weights + s->row[p];
      int64_t *to = wide + s->place[p];
      for (size_t j = 0; j < length; j++) to[j] += n * row[j];
    }
  }
}
static int32_t limited(int64_t x) {
  return (int32_t)(x > SOMA_L4_LIMIT ? SOMA_L4_LIMIT : x < -SOMA_L4_LIMIT ? -SOMA_L4_LIMIT : x);
}
MULTIVERSION static void integrate(
    int32_t *restrict potential, const int32_t *restrict constant, const int64_t *restrict wide, size_t n) {
  if (constant)
    for (size_t j = 0; j < n; j++) potential[j] += constant[j];
  if (wide) {
    for (size_t j = 0; j < n; j++) potential[j] = limited(potential[j] + wide[j]);
    return;
  }
  for (size_t j = 0; j < n; j++) {
    int32_t v = potential[j];
    v = v > SOMA_L4_LIMIT ? SOMA_L4_LIMIT : v;
    potential[j] = v < -SOMA_L4_LIMIT ? -SOMA_L4_LIMIT : v;
  }
}
typedef int32_t lanes __attribute__((ext_vector_type(16)));
typedef _Bool hits __attribute__((ext_vector_type(16)));

/// Bit j is set where potential[j] reaches the threshold, of up to 16.
static inline __attribute__((always_inline)) uint32_t above(const int32_t *potential, size_t count, int32_t threshold) {
  lanes v = (lanes)(threshold - 1);
  __builtin_memcpy(&v, potential, count * sizeof *potential);
  hits hit = __builtin_convertvector(v >= (lanes)threshold, hits);
  uint16_t bits;
  __builtin_memcpy(&bits, &hit, sizeof bits);
  return bits;
}
MULTIVERSION static size_t fire(
    const soma_l4_layer *layer, int32_t *potential, uint32_t *index, uint32_t *multiplicity, size_t found) {
  int32_t threshold = layer->threshold;
  size_t n = layer->outputs;
  for (size_t first = 0; first < n; first += 16) {
    uint32_t bits = n - first >= 16 ? above(potential + first, 16, threshold)
                                    : above(potential + first, n - first, threshold);
    for (; bits; bits &= bits - 1) {
      size_t j = first + (size_t)__builtin_ctz(bits);
      int32_t v = potential[j], whole = layer->reset >= SOMA_L4_MODULO ? v / threshold : 1;
      potential[j] = layer->reset == SOMA_L4_HARD ? 0 : v - whole * threshold;
      index[found] = (uint32_t)j;
      if (multiplicity) multiplicity[found] = layer->reset == SOMA_L4_BURST ? (uint32_t)whole : 1;
      found++;
    }
  }
  return found;
}

void soma_l4_run(
    const soma_l4_layer *layer, const soma_l4_synapses *synapses, const soma_l4_events *events, size_t steps,
    int32_t *potential, uint32_t *index, uint32_t *first, uint32_t *multiplicity, int32_t *before, int32_t *after,
    int64_t *wide) {
  size_t n = layer->outputs, found = 0;
  for (size_t t = 0; t < steps; t++) {
    first[t] = (uint32_t)found;
    size_t from = events->first[t], count = events->first[t + 1] - from;
    if (events->multiplicity) {
      __builtin_memset(wide, 0, n * sizeof *wide);
      add_wide(synapses, events->index + from, events->multiplicity + from, count, wide);
    } else {
      add_pieces(synapses, events->index + from, count, potential);
    }
    integrate(potential, layer->constant, events->multiplicity ? wide : NULL, n);
    if (before) __builtin_memcpy(before + t * n, potential, n * sizeof *potential);
    if (layer->reset == SOMA_L4_NONE)
      __builtin_memset(potential, 0, n * sizeof *potential);
    else
      found = fire(layer, potential, index, multiplicity, found);
    if (after) __builtin_memcpy(after + t * n, potential, n * sizeof *potential);
  }
  first[steps] = (uint32_t)found;
}

// MARK: Dense form

void soma_l4_spread(
    const soma_l4_synapses *s, const uint32_t *cell, const soma_l4_events *events, size_t first_step, size_t steps,
    size_t size, float value, float *columns) {
  for (size_t t = 0; t < steps; t++, columns += size)
    for (uint32_t e = events->first[first_step + t]; e < events->first[first_step + t + 1]; e++)
      for (uint32_t i = events->index[e], p = s->pieces[i]; p < s->pieces[i + 1]; p++) columns[cell[p]] += value;
}
MULTIVERSION static void add_charge(int32_t *restrict potential, const float *restrict charge, size_t n) {
  for (size_t j = 0; j < n; j++) potential[j] += (int32_t)charge[j];
}
size_t soma_l4_integrate(
    const soma_l4_layer *layer, const float *charge, size_t steps, int32_t *potential, uint32_t *index,
    uint32_t *first, uint32_t *multiplicity, size_t found) {
  size_t n = layer->outputs;
  for (size_t t = 0; t < steps; t++) {
    first[t] = (uint32_t)found;
    add_charge(potential, charge + t * n, n);
    integrate(potential, layer->constant, NULL, n);
    found = fire(layer, potential, index, multiplicity, found);
  }
  return found;
}

// MARK: Inputs

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}
/// fires[k] is 1 where number `counter` + active[k] is below the limit.
MULTIVERSION static void draw(
    uint64_t key, const uint32_t *restrict active, const uint32_t *restrict limit, size_t count, uint64_t counter,
    uint8_t *restrict fires) {
  for (size_t k = 0; k < count; k++)
    fires[k] = (uint32_t)(mix(key + (counter + active[k] + 1) * 0x9E3779B97F4A7C15u) >> 40) < limit[k];
}
size_t soma_l4_bernoulli(
    uint64_t key, const uint32_t *active, const uint32_t *limit, size_t count, size_t inputs, size_t first_step,
    size_t steps, int complement, uint32_t *raised, uint32_t *raised_first, uint32_t *lowered, uint32_t *lowered_first,
    uint8_t *scratch) {
  size_t up = 0, down = 0, spikes = 0;
  for (size_t t = 0; t < steps; t++) {
    raised_first[t] = (uint32_t)up;
    lowered_first[t] = (uint32_t)down;
    draw(key, active, limit, count, (uint64_t)(first_step + t) * inputs, scratch);
    for (size_t k = 0; k < count; k++) {
      size_t fires = scratch[k], on = complement && limit[k] > 1u << 23;
      raised[up] = active[k];
      lowered[down] = active[k];
      up += fires & (on ^ 1);
      down += (fires ^ 1) & on;
      spikes += fires;
    }
  }
  raised_first[steps] = (uint32_t)up;
  lowered_first[steps] = (uint32_t)down;
  return spikes;
}
