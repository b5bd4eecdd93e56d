// What goes into memories and comes out of them, channel by channel.
#include "HybridLMUKernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

MULTIVERSION void lmu_spread(ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t order, lmu_rows u, const float *b,
                             lmu_rows m) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t k = 0; k < channels; k++) {
      const float input = u.base[r * u.stride + k];
      float *restrict to = m.base + r * m.stride + k * order;
      for (ptrdiff_t i = 0; i < order; i++) to[i] = input * b[i];
    }
}

// Sums of sixteen lanes, added up in order: vector code with a fixed order.
MULTIVERSION void lmu_gather(ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t order, lmu_rows m, const float *b,
                             lmu_rows u) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t k = 0; k < channels; k++) {
      const float *from = m.base + r * m.stride + k * order;
      float lanes[16] = {0}, sum = 0;
      ptrdiff_t i = 0;
      for (; i + 16 <= order; i += 16)
        for (ptrdiff_t j = 0; j < 16; j++) lanes[j] += from[i + j] * b[i + j];
      for (; i < order; i++) sum += from[i] * b[i];
      for (ptrdiff_t j = 0; j < 16; j++) sum += lanes[j];
      u.base[r * u.stride + k] = sum;
    }
}

MULTIVERSION void lmu_add(ptrdiff_t rows, ptrdiff_t width, lmu_rows x, lmu_rows z, lmu_rows y) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *a = x.base + r * x.stride, *b = z.base + r * z.stride;
    float *c = y.base + r * y.stride;
    for (ptrdiff_t i = 0; i < width; i++) c[i] = a[i] + b[i];
  }
}
