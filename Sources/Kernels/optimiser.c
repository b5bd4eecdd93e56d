// One step of an optimiser over a run of weights.
#include "Kernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

MULTIVERSION void soma_momentum_step(float *restrict w, float *restrict v, const float *restrict g, ptrdiff_t n,
                                     float rate, float momentum, float decay) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const float velocity = momentum * v[i] + (g[i] + decay * w[i]);
    v[i] = velocity;
    w[i] -= rate * velocity;
  }
}

MULTIVERSION void soma_adam_step(float *restrict w, float *restrict mean, float *restrict square,
                                 const float *restrict g, ptrdiff_t n, const soma_adam *coefficients) {
  const soma_adam c = *coefficients;
  const float fresh_mean = 1 - c.mean_decay, fresh_square = 1 - c.square_decay;
  for (ptrdiff_t i = 0; i < n; i++) {
    const float m = c.mean_decay * mean[i] + fresh_mean * g[i];
    const float s = c.square_decay * square[i] + fresh_square * (g[i] * g[i]);
    mean[i] = m;
    square[i] = s;
    const float step = (m * c.mean_correction) / (__builtin_sqrtf(s * c.square_correction) + c.epsilon);
    w[i] -= c.rate * (step + c.weight_decay * w[i]);
  }
}
