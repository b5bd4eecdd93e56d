// Loops over rows and values. Sums run in the order of their definition; vectors are across independent results.
#include "Kernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

MULTIVERSION void soma_add_rows(float *restrict sum, ptrdiff_t width, const float *restrict rows, ptrdiff_t stride,
                                const float *restrict values, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float x = values[i];
    if (x == 0) continue;
    const float *restrict row = rows + i * stride;
    for (ptrdiff_t j = 0; j < width; j++) sum[j] += x * row[j];
  }
}

MULTIVERSION void soma_add_bias(float *restrict rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride,
                                const float *restrict bias) {
  for (ptrdiff_t i = 0; i < count; i++)
    for (ptrdiff_t j = 0; j < width; j++) rows[i * stride + j] += bias[j];
}

MULTIVERSION void soma_sum_rows(const float *restrict rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride,
                                float *restrict sum) {
  for (ptrdiff_t i = 0; i < count; i++)
    for (ptrdiff_t j = 0; j < width; j++) sum[j] += rows[i * stride + j];
}

MULTIVERSION void soma_rectify(const float *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

MULTIVERSION void soma_rectify_backward(const float *gradient, const float *x, float *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] > 0 ? gradient[i] : 0;
}
