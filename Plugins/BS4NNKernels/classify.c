#include "registers512.h"

/// Pixels by time: a list per rank, `next` linking pixels of one rank.
typedef struct {
  uint16_t head[256];
  uint16_t *next, *bucket, *fired;
  uint64_t occupied[4];
  void *lanes;
} sorting;
enum { NONE = 0xFFFF };

/// Returns how many pixels are active.
typedef size_t (*sort_form)(const soma_bs4nn_network *network, const uint8_t *image, sorting *s);

static size_t sort_portable(const soma_bs4nn_network *network, const uint8_t *image, sorting *s) {
  __builtin_memset(s->head, 0xFF, sizeof s->head);
  __builtin_memset(s->occupied, 0, sizeof s->occupied);
  size_t found = 0;
  for (size_t i = 0; i < network->inputs; i++) {
    if (image[i] < network->first_active) continue;
    uint8_t rank = network->rank[image[i]];
    s->next[i] = s->head[rank];
    s->head[rank] = (uint16_t)i;
    s->occupied[rank >> 6] |= 1ull << (rank & 63);
    found++;
  }
  return found;
}
#if SOMA_AVX512
/// Lists the active pixels of 64 without a branch.
SOMA_WIDE SOMA_INLINE size_t list_active(__mmask64 active, size_t first, uint16_t *list, size_t found) {
  __m512i lanes = _mm512_maskz_compress_epi8(active, _mm512_load_si512(soma_iota));
  __m512i offset = _mm512_set1_epi16((short)first);
  __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(lanes));
  __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(lanes, 1));
  _mm512_storeu_si512(list + found, _mm512_add_epi16(offset, low));
  _mm512_storeu_si512(list + found + 32, _mm512_add_epi16(offset, high));
  return found + (size_t)__builtin_popcountll(active);
}
SOMA_WIDE SOMA_INLINE size_t sort_512(const soma_bs4nn_network *network, const uint8_t *image, sorting *s) {
  __m512i none = _mm512_set1_epi16(-1), least = _mm512_set1_epi8((char)network->first_active);
  for (size_t r = 0; r < 256; r += 32) _mm512_storeu_si512(s->head + r, none);
  uint16_t *list = s->bucket;
  size_t found = 0;
  for (size_t i = 0; i < network->inputs; i += 64) {
    size_t left = network->inputs - i;
    __mmask64 there = left < 64 ? (1ull << left) - 1 : ~0ull;
    __m512i bytes = _mm512_maskz_loadu_epi8(there, image + i);
    found = list_active(_mm512_mask_cmpge_epu8_mask(there, bytes, least), i, list, found);
  }
  for (size_t f = 0; f < found; f++) {
    uint16_t i = list[f];
    uint8_t rank = network->rank[image[i]];
    s->next[i] = s->head[rank];
    s->head[rank] = i;
  }
  for (size_t w = 0; w < 4; w++) {
    uint64_t low = _mm512_cmpneq_epi16_mask(_mm512_loadu_si512(s->head + 64 * w), none);
    uint64_t high = _mm512_cmpneq_epi16_mask(_mm512_loadu_si512(s->head + 64 * w + 32), none);
    s->occupied[w] = low | high << 32;
  }
  return found;
}
#endif

SOMA_INLINE int most(const int16_t *value, size_t count) {
  size_t best = 0;
  for (size_t c = 1; c < count; c++)
    if (value[c] > value[best]) best = c;
  return (int)best;
}
/// Fills in who came first. `sums` are the potentials at the decision.
SOMA_INLINE void decide(const soma_bs4nn_network *network, uint32_t time, const int16_t *sums, soma_bs4nn_decision *out) {
  out->time = (int32_t)time;
  out->highest = most(sums, network->outputs);
  out->lowest = out->highest;
  out->first = 0;
  if (time >= network->window) return;
  for (size_t c = network->outputs; c-- > 0;) {
    if (sums[c] < network->output_threshold) continue;
    out->lowest = (int32_t)c;
    out->first++;
  }
}
SOMA_INLINE int reaches(const int16_t *sums, size_t stride, int32_t threshold) {
  int any = 0;
  for (size_t c = 0; c < stride; c++) any |= sums[c] >= threshold;
  return any;
}
SOMA_INLINE void add_columns(
    int16_t *sums, const soma_bs4nn_network *network, const uint16_t *fired, size_t found) {
  if (network->output_stride == 16) {
    int16_t local[16];
    for (int c = 0; c < 16; c++) local[c] = sums[c];
    for (size_t f = 0; f < found; f++) {
      const int8_t *column = network->column + 16 * (size_t)fired[f];
      for (int c = 0; c < 16; c++) local[c] = (int16_t)(local[c] + column[c]);
    }
    for (int c = 0; c < 16; c++) sums[c] = local[c];
    return;
  }
  for (size_t f = 0; f < found; f++) {
    const int8_t *column = network->column + network->output_stride * (size_t)fired[f];
    for (size_t c = 0; c < network->output_stride; c++) sums[c] = (int16_t)(sums[c] + column[c]);
  }
}

/// Input spikes strictly before a decision that the spikes of bucket `rank` made: `arrived` and those one step later.
SOMA_INLINE size_t spikes_before(
    const soma_bs4nn_network *network, const sorting *s, size_t rank, size_t arrived) {
  size_t next = 256;
  for (size_t v = rank >> 6; next == 256 && v < 4; v++) {
    uint64_t later = s->occupied[v];
    if (v == rank >> 6) later &= ~(((1ull << (rank & 63)) << 1) - 1);
    if (later) next = 64 * v + (size_t)__builtin_ctzll(later);
  }
  if (next < 256 && network->time[next] == network->time[rank] + 1)
    for (uint16_t i = s->head[next]; i != NONE; i = s->next[i]) arrived++;
  return arrived;
}
SOMA_INLINE void classify_one(
    const soma_bs4nn_network *network, sorting *s, int16_t *sums, int16_t *probe, soma_bs4nn_decision *out,
    soma_lanes_step step) {
  soma_lanes lanes = soma_lanes_make(s->lanes, network->hidden_stride, network->hidden);
  size_t stride = network->output_stride, arrived = 0;
  uint32_t probe_index = network->window >= 3 ? network->window - 3 : 0;
  int probed = 0;
  __builtin_memset(sums, 0, stride * sizeof(int16_t));
  out->hidden_spikes = 0;
  for (size_t w = 0; w < 4; w++) {
    for (uint64_t bits = s->occupied[w]; bits != 0; bits &= bits - 1) {
      size_t rank = 64 * w + (size_t)__builtin_ctzll(bits), count = 0;
      uint32_t k = network->time[rank];
      for (uint16_t i = s->head[rank]; i != NONE; i = s->next[i]) s->bucket[count++] = i;
      arrived += count;
      int32_t limit = soma_lanes_limit((int64_t)arrived, network->hidden_threshold);
      size_t found = soma_lanes_bucket(&lanes, network->negative, s->bucket, count, limit, s->fired, step);
      if (found == 0 || k + 1 >= network->window) continue;
      if (!probed && k + 1 > probe_index) {
        __builtin_memcpy(probe, sums, stride * sizeof(int16_t));
        probed = 1;
      }
      out->hidden_spikes += (int32_t)found;
      add_columns(sums, network, s->fired, found);
      if (k + 2 >= network->window || !reaches(sums, stride, network->output_threshold)) continue;
      decide(network, k + 2, sums, out);
      out->input_spikes = (int32_t)spikes_before(network, s, rank, arrived);
      return;
    }
  }
  if (probed) __builtin_memcpy(sums, probe, stride * sizeof(int16_t));
  decide(network, network->window, sums, out);
  out->input_spikes = (int32_t)arrived;
}
#if SOMA_AVX512
/// The same for the sizes and spikes that registers hold.
SOMA_POPCOUNT SOMA_INLINE void classify_in_registers(
    const soma_bs4nn_network *network, const sorting *s, int16_t *sums, soma_bs4nn_decision *out) {
  soma_registers registers;
  soma_votes votes = {_mm512_setzero_si512(), _mm512_setzero_si512(), 0}, probe = votes;
  uint64_t hit[SOMA_REGISTERS];
  uint32_t window = network->window, probe_index = window - 3, outputs = (1u << network->outputs) - 1;
  const uint8_t *negative = network->negative;
  size_t arrived = 0;
  int probed = 0;
  soma_registers_start(&registers, network->hidden);
  for (size_t w = 0; w < 4; w++) {
    for (uint64_t bits = s->occupied[w]; bits != 0; bits &= bits - 1) {
      size_t rank = 64 * w + (size_t)__builtin_ctzll(bits);
      uint32_t k = network->time[rank];
      for (uint16_t i = s->head[rank]; i != NONE; i = s->next[i]) {
        soma_registers_add(&registers, negative + 64 * SOMA_REGISTERS * (size_t)i);
        arrived++;
      }
      int32_t limit = soma_lanes_limit((int64_t)arrived, network->hidden_threshold);
      if (limit < 0 || !soma_registers_fire(&registers, limit, hit) || k + 1 >= window) continue;
      if (!probed && k + 1 > probe_index) {
        probe = votes;
        probed = 1;
      }
      soma_votes_add(&votes, hit, network->positive);
      if (k + 2 >= window || !soma_votes_reach(&votes, network->output_threshold, outputs)) continue;
      soma_votes_sums(&votes, outputs, sums);
      decide(network, k + 2, sums, out);
      out->hidden_spikes = votes.spikes;
      out->input_spikes = (int32_t)spikes_before(network, s, rank, arrived);
      return;
    }
  }
  soma_votes_sums(probed ? &probe : &votes, outputs, sums);
  decide(network, window, sums, out);
  out->hidden_spikes = votes.spikes;
  out->input_spikes = (int32_t)arrived;
}
#endif

SOMA_INLINE size_t rounded(size_t n) { return (n + 63) / 64 * 64; }

size_t soma_bs4nn_classify_scratch(const soma_bs4nn_network *network) {
  return rounded(2 * network->inputs) + rounded(2 * network->inputs + 128) + rounded(2 * network->hidden_stride + 128) +
         rounded(soma_bs4nn_scratch(network->hidden_stride)) + 2 * rounded(2 * network->output_stride) + 64;
}

typedef struct {
  sorting sorting;
  int16_t *sums, *probe;
} workplace;
SOMA_INLINE workplace divide(const soma_bs4nn_network *network, void *scratch) {
  workplace place;
  uint8_t *bytes = scratch;
  place.sorting.next = (uint16_t *)bytes;
  bytes += rounded(2 * network->inputs);
  place.sorting.bucket = (uint16_t *)bytes;
  bytes += rounded(2 * network->inputs + 128);
  place.sorting.fired = (uint16_t *)bytes;
  bytes += rounded(2 * network->hidden_stride + 128);
  place.sums = (int16_t *)bytes;
  place.probe = place.sums + rounded(2 * network->output_stride) / 2;
  place.sorting.lanes = bytes + 2 * rounded(2 * network->output_stride);
  return place;
}
SOMA_INLINE void copy_sums(const soma_bs4nn_network *network, const workplace *place, size_t n, int16_t *potentials) {
  if (potentials) __builtin_memcpy(potentials + n * network->outputs, place->sums, 2 * network->outputs);
}

SOMA_INLINE void classify_all(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch, soma_lanes_step step, sort_form sort) {
  workplace place = divide(network, scratch);
  for (size_t n = 0; n < count; n++) {
    sort(network, images + n * network->inputs, &place.sorting);
    classify_one(network, &place.sorting, place.sums, place.probe, decisions + n, step);
    copy_sums(network, &place, n, potentials);
  }
}

static void classify_portable(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch) {
  classify_all(network, images, count, decisions, potentials, scratch, soma_lanes_step_portable, sort_portable);
}
#if SOMA_AVX512
SOMA_WIDE static void classify_512(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch) {
  classify_all(network, images, count, decisions, potentials, scratch, soma_lanes_step_512, sort_512);
}
/// Images with more spikes than a byte counts are left to the other form.
SOMA_POPCOUNT static void classify_registers(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch) {
  workplace place = divide(network, scratch);
  for (size_t n = 0; n < count; n++) {
    size_t active = sort_512(network, images + n * network->inputs, &place.sorting);
    if (active <= 255) {
      classify_in_registers(network, &place.sorting, place.sums, decisions + n);
    } else {
      classify_one(network, &place.sorting, place.sums, place.probe, decisions + n, soma_lanes_step_512);
    }
    copy_sums(network, &place, n, potentials);
  }
}
SOMA_INLINE int fits_registers(const soma_bs4nn_network *network, int form) {
  return network->hidden_stride == 64 * SOMA_REGISTERS && network->outputs <= 16 && network->output_stride == 16 &&
         network->window >= 3 && network->hidden_threshold >= 1 && network->positive && soma_has_registers(form);
}
#endif

void soma_bs4nn_classify(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch, int form) {
#if SOMA_AVX512
  if (fits_registers(network, form)) {
    classify_registers(network, images, count, decisions, potentials, scratch);
    return;
  }
  if (network->hidden_stride % 64 == 0 && soma_has_512(form)) {
    classify_512(network, images, count, decisions, potentials, scratch);
    return;
  }
#else
  (void)form;
#endif
  classify_portable(network, images, count, decisions, potentials, scratch);
}
