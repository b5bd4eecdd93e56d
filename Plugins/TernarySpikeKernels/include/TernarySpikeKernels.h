#pragma once
#include <stddef.h>
#include <stdint.h>

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

// A kernel that slides over an image of spikes. A dense layer is one of 1×1 over an image whose places are rows of the batch;
// then values and outputs are [places][channels], else [channels][places].
typedef struct {
  ptrdiff_t channels, height, width, kernel_height, kernel_width, stride, top, left, output_height, output_width;
  ptrdiff_t outputs;
  // Most spikes that a value stands for, and signs that occur: 1 or 2.
  ptrdiff_t levels, signs;
  int is_dense;
} ternary_window;

// Spikes that n values stand for together; units[i] is the height of one.
ptrdiff_t ternary_count(const float *values, const float *units, ptrdiff_t n, ptrdiff_t levels);

// Spikes as bits: channel c of place p is bit c % 64 of word (c / 64)·places + p of a plane. There are levels × signs planes,
// positive before negative: those of level k tell which values stand for more than k spikes. units[c] is the height of one of
// channel c.
void ternary_pack(const ternary_window *window, const float *values, const float *units, uint64_t *planes);

// output = bias + Σ weights of positive spikes − Σ weights of negative ones. Weights are [128 outputs][64 channels][tap][channel]
// [output] with what is missing filled up by zeros, the outputs of a block to a multiple of 16 only; they, bias and `sums`, of
// places × 128 floats, lie at multiples of 64 bytes. `scratch` holds 2·(height·width + 1 + height·width·64·levels) numbers.
void ternary_add(const ternary_window *window, const uint64_t *planes, const float *weights, const float *bias,
                 uint32_t *scratch, float *sums, float *output);
