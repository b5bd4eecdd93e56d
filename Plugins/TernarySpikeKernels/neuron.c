// The loops of a ternary neuron, with the sums of the Swift rule in the same order, so that both give the same bits.
#include "TernarySpikeKernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

static inline __attribute__((always_inline)) float spike(const ternary_rule *r, float m) {
  const float size = r->is_ternary ? __builtin_fabsf(m) : m;
  const int fires = (size > r->threshold) | ((size == r->threshold) & r->fires_at_tie);
  return fires ? (m < 0 ? -1.0f : 1.0f) : 0.0f;
}

MULTIVERSION void ternary_forward(const ternary_rule *rule, const float *current, ptrdiff_t current_stride,
                                  float *output, ptrdiff_t output_stride, float *membrane, ptrdiff_t n,
                                  ptrdiff_t steps) {
  const ternary_rule r = *rule;
  for (ptrdiff_t t = 0; t < steps; t++) {
    const float *restrict in = current + t * current_stride;
    float *restrict out = output + t * output_stride, *restrict v = membrane;
    for (ptrdiff_t i = 0; i < n; i++) {
      const float m = r.decay * v[i] + in[i], b = spike(&r, m);
      v[i] = m * (1 - __builtin_fabsf(b));
      out[i] = r.height * b;
    }
  }
}

MULTIVERSION void ternary_backward(const ternary_rule *rule, const float *current, ptrdiff_t current_stride,
                                   const float *membrane, const float *upstream, ptrdiff_t upstream_stride,
                                   float *result, ptrdiff_t result_stride, float *height_sums, float *tape,
                                   ptrdiff_t n, ptrdiff_t steps) {
  const ternary_rule r = *rule;
  float v[TERNARY_STRIP], adjoint[TERNARY_STRIP], sums[TERNARY_STRIP], sent[TERNARY_STRIP];
  for (ptrdiff_t i = 0; i < n; i++) {
    v[i] = membrane[i];
    sums[i] = height_sums[i];
    adjoint[i] = sent[i] = 0;
  }
  for (ptrdiff_t t = 0; t < steps; t++) {
    const float *restrict in = current + t * current_stride;
    float *restrict row = tape + t * TERNARY_STRIP;
    for (ptrdiff_t i = 0; i < n; i++) {
      const float m = r.decay * v[i] + in[i];
      row[i] = m;
      v[i] = m * (1 - __builtin_fabsf(spike(&r, m)));
    }
  }
  const float keep = result_stride == 0, half = r.sharpness / 2;
  for (ptrdiff_t t = steps - 1; t >= 0; t--) {
    const float *restrict row = tape + t * TERNARY_STRIP, *restrict e = upstream + t * upstream_stride;
    for (ptrdiff_t i = 0; i < n; i++) {
      const float m = row[i], b = spike(&r, m), after = adjoint[i];
      const float size = r.is_ternary ? __builtin_fabsf(m) : m, x = (size - r.threshold) / r.threshold;
      const float slope = __builtin_fabsf(r.sharpness * x) <= 1 ? half : 0;
      const int is_edge = (__builtin_fabsf(m) == 2 * r.threshold) | (!r.is_ternary & (m == 0));
      const float g = r.is_open & is_edge ? 0 : slope / r.threshold;
      const float reset = r.is_attached ? after * m * b : 0, through = (r.height * e[i] - reset) * g;
      const float drive = after * (1 - __builtin_fabsf(b)) + through;
      sums[i] += e[i] * b;
      adjoint[i] = r.decay * drive;
      sent[i] = keep * sent[i] + drive;
    }
    if (result_stride != 0) __builtin_memcpy(result + t * result_stride, sent, (size_t)n * sizeof *sent);
  }
  if (result_stride == 0) __builtin_memcpy(result, sent, (size_t)n * sizeof *sent);
  __builtin_memcpy(height_sums, sums, (size_t)n * sizeof *sums);
}
