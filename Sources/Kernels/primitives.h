// Convolutions by oneDNN's own primitives on blocked layouts. Each returns 0, and does nothing, where a matrix product is
// the better way or oneDNN has no such primitive; that is a matter of shapes only.
#ifndef SOMA_PRIMITIVES_H
#define SOMA_PRIMITIVES_H
#include "Kernels.h"

int soma_blocked_convolve(const float *images, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                          const soma_window *window, float *output);
int soma_blocked_convolve_backward(const float *gradients, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                                   const soma_window *window, float *result);
int soma_blocked_convolve_weights(const float *gradients, const float *images, ptrdiff_t count, ptrdiff_t outputs,
                                  const soma_window *window, float *result);
#endif
