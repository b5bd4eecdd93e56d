#pragma once
#include <stddef.h>
#include <stdint.h>

// Activations; slopes are functions of what they give.
enum { LMU_TANH = 0, LMU_RELU = 1, LMU_LINEAR = 2 };
// How an activation becomes a whole number of quanta.
enum { LMU_EXACT = 0, LMU_DIFFUSING = 1, LMU_NEAREST = 2, LMU_STOCHASTIC = 3, LMU_POISSON = 4 };

// Rows of floats at a distance.
typedef struct {
  float *base;
  ptrdiff_t stride;
} lmu_rows;

// a = f(j)
void lmu_activate(int kind, ptrdiff_t rows, ptrdiff_t width, lmu_rows j, lmu_rows a);
// result = f′·g, f′ told from a
void lmu_slopes(int kind, ptrdiff_t rows, ptrdiff_t width, lmu_rows a, lmu_rows g, lmu_rows result);

// s = v + ω·a, n = ⌊s⌋, v = s − n, y = n/ω; LMU_NEAREST n = ⌊ω·a + ½⌋ and LMU_EXACT y = a leave v.
void lmu_quantise(int rule, float omega, ptrdiff_t rows, ptrdiff_t width, lmu_rows a, lmu_rows v, lmu_rows y);
// The random rules, for one row: element i draws counter + i of a stream with that key.
void lmu_draw(int rule, float omega, ptrdiff_t width, const float *a, float *y, uint64_t key, int64_t counter);

// m[row][k·q + i] = u[row][k]·b[i]
void lmu_spread(ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t order, lmu_rows u, const float *b, lmu_rows m);
// u[row][k] = Σ m[row][k·q + i]·b[i]
void lmu_gather(ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t order, lmu_rows m, const float *b, lmu_rows u);
// y = x + z
void lmu_add(ptrdiff_t rows, ptrdiff_t width, lmu_rows x, lmu_rows z, lmu_rows y);

// Gated cells, n units in each row. LSTM: sums of the gates in, forget, fresh, out from input and recurrence; `gates` gets
// what they became. GRU: sums of reset, keep, fresh; `gates` gets these and the recurrent sum of fresh.
void lmu_lstm_step(ptrdiff_t rows, ptrdiff_t n, const float *input, const float *recurrent, const float *before,
                   float *gates, float *cell, float *output);
// `carried` is ∂/∂cell, behind the step and then before it; `result` gets ∂/∂sums.
void lmu_lstm_back(ptrdiff_t rows, ptrdiff_t n, const float *gates, const float *before, const float *cell,
                   const float *upstream, float *carried, float *result);
void lmu_gru_step(ptrdiff_t rows, ptrdiff_t n, const float *input, const float *recurrent, const float *before,
                  float *gates, float *output);
// ∂/∂output before, past all weights, and ∂/∂sums of both kinds.
void lmu_gru_back(ptrdiff_t rows, ptrdiff_t n, const float *gates, const float *before, const float *upstream,
                  float *direct, float *to_input, float *to_recurrent);
