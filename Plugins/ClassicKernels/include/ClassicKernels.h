#pragma once
#include <stddef.h>

// Loops over populations; see the Swift neuron of the same name for the equations.
// Step t of neuron i is at [t * stride + i]; a stride of 0 means a constant current.

typedef struct {
  float decay, gain, threshold, keep;  // keep: 1 subtracts the threshold at a spike, 0 sets the membrane to 0
  float refractory;                    // steps of silence after a spike
} classic_lif_rule;

void classic_lif(const classic_lif_rule *rule, const float *current, ptrdiff_t current_stride, float *output,
                 ptrdiff_t output_stride, float *membrane, float *waiting, ptrdiff_t count, ptrdiff_t steps);

// Gradients of at most CLASSIC_STRIP neurons, over a tape of two rows a step: membranes before firing, and waiting before.
enum { CLASSIC_STRIP = 128 };
void classic_lif_tape(const classic_lif_rule *rule, const float *current, ptrdiff_t current_stride,
                      const float *membrane, const float *waiting, float *tape, ptrdiff_t n, ptrdiff_t steps);
// Distances to the threshold at one row, (v − θ)/θ; far below where a neuron waits.
void classic_lif_distances(const classic_lif_rule *rule, const float *row, float *distances, ptrdiff_t n);
// One step back: the adjoint of the membrane moves to the step before, the gradient of the current is stored or added.
void classic_lif_pullback(const classic_lif_rule *rule, const float *row, const float *slopes, const float *upstream,
                          float *adjoints, float *result, ptrdiff_t n, int accumulates);
