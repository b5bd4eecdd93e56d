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
