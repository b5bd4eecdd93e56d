// Sums and affine maps per channel over rows of [channels][places]: what batch normalisation is made of.
#include "Kernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

enum { LANES = 16 };

// The sums of one channel in as many lanes as a vector has, added up in order: the same bits on every processor.
static inline __attribute__((always_inline)) void sum_places(const float *restrict x, const float *restrict y,
                                                             ptrdiff_t places, double *sum, double *product) {
  double sums[LANES] = {0}, products[LANES] = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= places; i += LANES)
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += x[i + lane];
      products[lane] += (double)x[i + lane] * y[i + lane];
    }
  for (int lane = 0; i < places; i++, lane++) {
    sums[lane] += x[i];
    products[lane] += (double)x[i] * y[i];
  }
  for (int lane = 0; lane < LANES; lane++) {
    *sum += sums[lane];
    *product += products[lane];
  }
}

MULTIVERSION void soma_channel_sums(const float *x, const float *y, const soma_channels *shape, double *restrict sums,
                                    double *restrict products) {
  const ptrdiff_t channels = shape->channels, places = shape->places;
  for (ptrdiff_t row = 0; row < shape->rows; row++, x += channels * places, y += channels * places)
    if (places == 1) {
      for (ptrdiff_t c = 0; c < channels; c++) {
        sums[c] += x[c];
        products[c] += (double)x[c] * y[c];
      }
    } else {
      for (ptrdiff_t c = 0; c < channels; c++) sum_places(x + c * places, y + c * places, places, sums + c, products + c);
    }
}

MULTIVERSION void soma_channel_affine(const float *restrict x, const soma_channels *shape, const float *restrict gains,
                                      const float *restrict shifts, float *restrict result) {
  const ptrdiff_t channels = shape->channels, places = shape->places;
  for (ptrdiff_t row = 0; row < shape->rows; row++, x += channels * places, result += channels * places)
    if (places == 1) {
      for (ptrdiff_t c = 0; c < channels; c++) result[c] = gains[c] * x[c] + shifts[c];
    } else {
      for (ptrdiff_t c = 0; c < channels; c++) {
        const float gain = gains[c], shift = shifts[c];
        for (ptrdiff_t i = c * places; i < (c + 1) * places; i++) result[i] = gain * x[i] + shift;
      }
    }
}

MULTIVERSION void soma_channel_combine(const float *restrict x, const float *restrict y, const soma_channels *shape,
                                       const float *restrict gains, const float *restrict slopes,
                                       const float *restrict shifts, float *restrict result) {
  const ptrdiff_t channels = shape->channels, places = shape->places, size = channels * places;
  for (ptrdiff_t row = 0; row < shape->rows; row++, x += size, y += size, result += size)
    if (places == 1) {
      for (ptrdiff_t c = 0; c < channels; c++) result[c] = (gains[c] * x[c] + slopes[c] * y[c]) + shifts[c];
    } else {
      for (ptrdiff_t c = 0; c < channels; c++) {
        const float gain = gains[c], slope = slopes[c], shift = shifts[c];
        for (ptrdiff_t i = c * places; i < (c + 1) * places; i++) result[i] = (gain * x[i] + slope * y[i]) + shift;
      }
    }
}

// Sums over places in as many lanes as a vector has.
MULTIVERSION void soma_channel_totals(const float *restrict x, const soma_channels *shape, float *restrict totals) {
  const ptrdiff_t channels = shape->channels, places = shape->places;
  for (ptrdiff_t row = 0; row < shape->rows; row++, x += channels * places)
    for (ptrdiff_t c = 0; c < channels; c++) {
      const float *channel = x + c * places;
      float sums[LANES] = {0}, total = 0;
      ptrdiff_t i = 0;
      for (; i + LANES <= places; i += LANES)
        for (int lane = 0; lane < LANES; lane++) sums[lane] += channel[i + lane];
      for (int lane = 0; i < places; i++, lane++) sums[lane] += channel[i];
      for (int lane = 0; lane < LANES; lane++) total += sums[lane];
      totals[c] += total;
    }
}
