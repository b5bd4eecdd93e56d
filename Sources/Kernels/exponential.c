// Loops over eˣ and tanh x.
#include "Kernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF
#include "elementary.h"

MULTIVERSION void soma_exponential(const float *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = exponential(x[i]);
}
MULTIVERSION void soma_hyperbolic_tangent(const float *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = hyperbolic_tangent(x[i]);
}
