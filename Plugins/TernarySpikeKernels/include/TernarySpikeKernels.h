#pragma once
#include <stddef.h>

// A ternary neuron for one layer: m = decay·v + i; b = sign(m) where |m| ≥ threshold, v = m·(1 − |b|), height·b is sent.
typedef struct {
  float decay, threshold, height;
  int is_ternary, fires_at_tie;
  // Of the backward pass: the clamp's sharpness, whether its edges count, whether the reset is differentiated.
  float sharpness;
  int is_open, is_attached;
} ternary_rule;

// All steps of n neurons; strides count floats from step to step, that of the current is 0 where it is constant.
void ternary_forward(const ternary_rule *rule, const float *current, ptrdiff_t current_stride, float *output,
                     ptrdiff_t output_stride, float *membrane, ptrdiff_t n, ptrdiff_t steps);

enum { TERNARY_STRIP = 128 };
// The gradient of at most TERNARY_STRIP neurons, from rest or a carried membrane. `tape` holds steps × TERNARY_STRIP floats;
// ∂L/∂height of every neuron is added to `height_sums`. A current of stride 0 gets the sum over its steps.
void ternary_backward(const ternary_rule *rule, const float *current, ptrdiff_t current_stride, const float *membrane,
                      const float *upstream, ptrdiff_t upstream_stride, float *result, ptrdiff_t result_stride,
                      float *height_sums, float *tape, ptrdiff_t n, ptrdiff_t steps);
