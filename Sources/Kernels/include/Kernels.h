#pragma once
#include <stddef.h>
#include <stdint.h>
// No header of another library is included here: importers need no second module map.

/// Runs body(context, piece) for 0 ≤ piece < count on up to `threads` threads, the caller among them.
/// Nested calls, and calls while another thread is in one, run inline. Safe in a child after fork.
void soma_parallel(ptrdiff_t count, ptrdiff_t threads, void (*body)(void *, ptrdiff_t), void *context);

/// c[m][n] = a[m][k]·b[k][n] + beta·c, row-major, either operand stored transposed; one thread.
void soma_matrix_product(int transpose_a, int transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
                         ptrdiff_t stride_a, const float *b, ptrdiff_t stride_b, float beta, float *c,
                         ptrdiff_t stride_c);

/// Whether this processor has the products below.
int soma_packs(void);
/// Floats of a packed k × n matrix.
ptrdiff_t soma_packed_size(ptrdiff_t k, ptrdiff_t n);
/// Brings a k × n matrix, stored transposed or not, into panels at an address aligned to 64 bytes.
void soma_pack(int is_transposed, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t stride, float *packed);
/// c[m][n] = a·b, or += where `adds`; a[i][p] stands at a[i·row + p·column].
void soma_packed_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t column,
                         const float *packed, int adds, float *c, ptrdiff_t stride);

/// sum[width] += Σ values[i]·rows[i], zeros skipped.
void soma_add_rows(float *sum, ptrdiff_t width, const float *rows, ptrdiff_t stride, const float *values,
                   ptrdiff_t count);
void soma_add_bias(float *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, const float *bias);
void soma_sum_rows(const float *rows, ptrdiff_t count, ptrdiff_t width, ptrdiff_t stride, float *sum);

/// A window that slides over one image of several channels; `top` and `left` are zeros around it.
typedef struct {
  ptrdiff_t channels, height, width, kernel_height, kernel_width, stride, top, left, output_height, output_width;
} soma_window;

/// `columns` is scratch for (channels·kernel_height·kernel_width) × (output_height·output_width) floats.
void soma_convolve(const float *images, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                   const soma_window *window, float *output, float *columns);
void soma_convolve_backward(const float *gradients, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                            const soma_window *window, float *result, float *columns);
void soma_convolve_weights(const float *gradients, const float *images, ptrdiff_t count, ptrdiff_t outputs,
                           const soma_window *window, float *result, float *columns);
void soma_pool_average(const float *image, const soma_window *window, float *output);
void soma_pool_maximum(const float *image, const soma_window *window, float *output);
void soma_pool_average_backward(const float *gradient, const soma_window *window, float *result);
void soma_pool_maximum_backward(const float *gradient, const float *image, const soma_window *window, float *result);

/// Rows of [channels][places].
typedef struct {
  ptrdiff_t rows, channels, places;
} soma_channels;
/// sums[c] += Σ x and products[c] += Σ x·y over rows and places of channel c.
void soma_channel_sums(const float *x, const float *y, const soma_channels *shape, double *sums, double *products);
/// result = gains[c]·x + shifts[c]
void soma_channel_affine(const float *x, const soma_channels *shape, const float *gains, const float *shifts,
                         float *result);
/// result += gains[c]·x
void soma_channel_combine(const float *x, const float *y, const soma_channels *shape, const float *gains,
                          const float *slopes, const float *shifts, float *result);
void soma_channel_totals(const float *x, const soma_channels *shape, float *totals);

void soma_rectify(const float *x, float *y, ptrdiff_t n);
void soma_rectify_backward(const float *gradient, const float *x, float *y, ptrdiff_t n);
void soma_exponential(const float *x, float *y, ptrdiff_t n);
void soma_hyperbolic_tangent(const float *x, float *y, ptrdiff_t n);

void soma_momentum_step(float *weight, float *velocity, const float *gradient, ptrdiff_t n, float rate, float momentum,
                        float decay);
typedef struct {
  float rate, mean_decay, square_decay, epsilon, weight_decay, mean_correction, square_correction;
} soma_adam;
void soma_adam_step(float *weight, float *mean, float *square, const float *gradient, ptrdiff_t n,
                    const soma_adam *coefficients);
