#include "lanes.h"

size_t soma_bs4nn_stride(size_t neurons) {
  return neurons <= 48 ? (neurons + 15) / 16 * 16 : (neurons + 63) / 64 * 64;
}
size_t soma_bs4nn_scratch(size_t stride) { return 4 * stride + 2 * stride + 64; }

MULTIVERSION static void add_rows(
    uint8_t *restrict part, const uint8_t *restrict rows, size_t stride, const uint16_t *restrict index, size_t count) {
  for (size_t e = 0; e < count; e++) {
    const uint8_t *row = rows + (size_t)index[e] * stride;
    for (size_t j = 0; j < stride; j++) part[j] = (uint8_t)(part[j] + row[j]);
  }
}
/// Leaves 1 in `hit` where an unfired lane is at or below the limit.
MULTIVERSION static void find(
    const uint8_t *restrict part, const uint16_t *restrict whole, const uint8_t *restrict unfired, size_t stride,
    int is_wide, int32_t limit, uint8_t *restrict hit) {
  if (is_wide) {
    uint16_t most = limit > 65535 ? 65535 : (uint16_t)limit;
    for (size_t j = 0; j < stride; j++) hit[j] = (uint8_t)((uint16_t)(whole[j] + part[j]) <= most) & unfired[j];
  } else {
    uint8_t most = limit > 255 ? 255 : (uint8_t)limit;
    for (size_t j = 0; j < stride; j++) hit[j] = (uint8_t)(part[j] <= most) & unfired[j];
  }
}

size_t soma_lanes_step_portable(
    soma_lanes *lanes, const uint8_t *rows, const uint16_t *index, size_t count, int32_t limit, uint16_t *fired) {
  add_rows(lanes->part, rows, lanes->stride, index, count);
  if (limit < 0) return 0;
  uint8_t *hit = (uint8_t *)(lanes->whole + lanes->stride);
  size_t found = 0;
  find(lanes->part, lanes->whole, lanes->unfired, lanes->stride, lanes->is_wide, limit, hit);
  for (size_t j = 0; j < lanes->stride; j += 8) {
    uint64_t word;
    __builtin_memcpy(&word, hit + j, 8);
    if (word == 0) continue;
    for (size_t i = j; i < j + 8; i++) {
      fired[found] = (uint16_t)i;
      found += hit[i];
      lanes->unfired[i] = (uint8_t)(lanes->unfired[i] & ~hit[i]);
    }
  }
  return found;
}
