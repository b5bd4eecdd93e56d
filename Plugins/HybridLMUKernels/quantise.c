// Activations and quantisers, over rows that may be parts of wider ones.
#include "HybridLMUKernels.h"
#include "multiversion.h"
#include <math.h>
#pragma STDC FP_CONTRACT OFF
#include "elementary.h"

MULTIVERSION void lmu_activate(int kind, ptrdiff_t rows, ptrdiff_t width, lmu_rows j, lmu_rows a) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *x = j.base + r * j.stride;
    float *y = a.base + r * a.stride;
    switch (kind) {
    case LMU_TANH: for (ptrdiff_t i = 0; i < width; i++) y[i] = hyperbolic_tangent(x[i]); break;
    case LMU_RELU: for (ptrdiff_t i = 0; i < width; i++) y[i] = x[i] > 0 ? x[i] : 0; break;
    default: for (ptrdiff_t i = 0; i < width; i++) y[i] = x[i];
    }
  }
}

MULTIVERSION void lmu_slopes(int kind, ptrdiff_t rows, ptrdiff_t width, lmu_rows a, lmu_rows g, lmu_rows result) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *x = a.base + r * a.stride, *up = g.base + r * g.stride;
    float *y = result.base + r * result.stride;
    switch (kind) {
    case LMU_TANH: for (ptrdiff_t i = 0; i < width; i++) y[i] = up[i] * (1 - x[i] * x[i]); break;
    case LMU_RELU: for (ptrdiff_t i = 0; i < width; i++) y[i] = x[i] > 0 ? up[i] : 0; break;
    default: for (ptrdiff_t i = 0; i < width; i++) y[i] = up[i];
    }
  }
}

// Two roundings and no fused operation, so that spikes are those of any other program that does the same.
MULTIVERSION void lmu_quantise(int rule, float omega, ptrdiff_t rows, ptrdiff_t width, lmu_rows a, lmu_rows v,
                               lmu_rows y) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *x = a.base + r * a.stride;
    float *left = v.base + r * v.stride, *sent = y.base + r * y.stride;
    switch (rule) {
    case LMU_DIFFUSING:
      for (ptrdiff_t i = 0; i < width; i++) {
        const float s = left[i] + omega * x[i], n = __builtin_floorf(s);
        left[i] = s - n;
        sent[i] = n / omega;
      }
      break;
    case LMU_NEAREST:
      for (ptrdiff_t i = 0; i < width; i++) sent[i] = __builtin_floorf(omega * x[i] + 0.5f) / omega;
      break;
    default: for (ptrdiff_t i = 0; i < width; i++) sent[i] = x[i];
    }
  }
}

// The words of a stream: SplitMix64 of key and counter.
static uint64_t mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}
static uint64_t word(uint64_t key, int64_t counter) {
  return mixed(key + ((uint64_t)counter + 1) * 0x9E3779B97F4A7C15u);
}
static double uniform(uint64_t bits) { return (double)(bits >> 11) * 0x1p-53; }

// A count whose mean is λ, by adding up probabilities; a normal number where these underflow.
static double poisson(double mean, uint64_t bits) {
  double u = uniform(bits);
  if (mean > 500) {
    const double angle = 6.283185307179586 * uniform(mixed(bits ^ 0xA0761D6478BD642Fu));
    const double n = floor(mean + sqrt(mean) * sqrt(-2 * log(u + 0x1p-54)) * cos(angle) + 0.5);
    return n > 0 ? n : 0;
  }
  double p = exp(-mean), n = 0;
  while (u >= p && n < 2000) {
    u -= p;
    n += 1;
    p *= mean / n;
  }
  return n;
}

void lmu_draw(int rule, float omega, ptrdiff_t width, const float *a, float *y, uint64_t key, int64_t counter) {
  for (ptrdiff_t i = 0; i < width; i++) {
    const uint64_t bits = word(key, counter + i);
    const float size = __builtin_fabsf(omega * a[i]);
    float n;
    if (rule == LMU_POISSON) n = (float)poisson(size, bits);
    else {
      const float whole = __builtin_floorf(size);
      n = whole + (uniform(bits) < (double)(size - whole) ? 1.0f : 0.0f);
    }
    // Not −0, which would be a spike in its sign bit.
    y[i] = n == 0 ? 0 : __builtin_copysignf(n, a[i]) / omega;
  }
}
