// One step of gated cells and its way back; rows lie side by side without gaps.
#include "HybridLMUKernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF
#include "elementary.h"

static inline __attribute__((always_inline)) float sigmoid(float x) { return 1 / (1 + exponential(-x)); }

MULTIVERSION void lmu_lstm_step(ptrdiff_t rows, ptrdiff_t n, const float *input, const float *recurrent,
                                const float *before, float *gates, float *cell, float *output) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *x = input + r * 4 * n, *y = recurrent + r * 4 * n, *old = before + r * n;
    float *g = gates + r * 4 * n, *c = cell + r * n, *h = output + r * n;
    for (ptrdiff_t i = 0; i < n; i++) g[i] = sigmoid(x[i] + y[i]);
    for (ptrdiff_t i = n; i < 2 * n; i++) g[i] = sigmoid(x[i] + y[i]);
    for (ptrdiff_t i = 2 * n; i < 3 * n; i++) g[i] = hyperbolic_tangent(x[i] + y[i]);
    for (ptrdiff_t i = 3 * n; i < 4 * n; i++) g[i] = sigmoid(x[i] + y[i]);
    for (ptrdiff_t i = 0; i < n; i++) {
      c[i] = g[n + i] * old[i] + g[i] * g[2 * n + i];
      h[i] = g[3 * n + i] * hyperbolic_tangent(c[i]);
    }
  }
}

MULTIVERSION void lmu_lstm_back(ptrdiff_t rows, ptrdiff_t n, const float *gates, const float *before,
                                const float *cell, const float *upstream, float *carried, float *result) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *g = gates + r * 4 * n, *old = before + r * n, *c = cell + r * n, *up = upstream + r * n;
    float *dc = carried + r * n, *d = result + r * 4 * n;
    for (ptrdiff_t i = 0; i < n; i++) {
      const float in = g[i], keep = g[n + i], fresh = g[2 * n + i], out = g[3 * n + i];
      const float t = hyperbolic_tangent(c[i]), total = dc[i] + up[i] * out * (1 - t * t);
      d[i] = total * fresh * in * (1 - in);
      d[n + i] = total * old[i] * keep * (1 - keep);
      d[2 * n + i] = total * in * (1 - fresh * fresh);
      d[3 * n + i] = up[i] * t * out * (1 - out);
      dc[i] = total * keep;
    }
  }
}

MULTIVERSION void lmu_gru_step(ptrdiff_t rows, ptrdiff_t n, const float *input, const float *recurrent,
                               const float *before, float *gates, float *output) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *x = input + r * 3 * n, *y = recurrent + r * 3 * n, *old = before + r * n;
    float *g = gates + r * 4 * n, *h = output + r * n;
    for (ptrdiff_t i = 0; i < 2 * n; i++) g[i] = sigmoid(x[i] + y[i]);
    for (ptrdiff_t i = 0; i < n; i++) {
      g[3 * n + i] = y[2 * n + i];
      g[2 * n + i] = hyperbolic_tangent(x[2 * n + i] + g[i] * y[2 * n + i]);
      h[i] = (1 - g[n + i]) * g[2 * n + i] + g[n + i] * old[i];
    }
  }
}

MULTIVERSION void lmu_gru_back(ptrdiff_t rows, ptrdiff_t n, const float *gates, const float *before,
                               const float *upstream, float *direct, float *to_input, float *to_recurrent) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    const float *g = gates + r * 4 * n, *old = before + r * n, *up = upstream + r * n;
    float *through = direct + r * n, *a = to_input + r * 3 * n, *b = to_recurrent + r * 3 * n;
    for (ptrdiff_t i = 0; i < n; i++) {
      const float reset = g[i], keep = g[n + i], fresh = g[2 * n + i];
      const float d = up[i] * (1 - keep) * (1 - fresh * fresh);
      a[i] = b[i] = d * g[3 * n + i] * reset * (1 - reset);
      a[n + i] = b[n + i] = up[i] * (old[i] - fresh) * keep * (1 - keep);
      a[2 * n + i] = d;
      b[2 * n + i] = d * reset;
      through[i] = up[i] * keep;
    }
  }
}
