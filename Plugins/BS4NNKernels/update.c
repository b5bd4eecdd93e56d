#include "lanes512.h"

/// The error of neurons that fire after time t, 0 for the others; the same for all inputs of that time.
MULTIVERSION static int mask_errors(const float *delta, const uint16_t *time, uint32_t t, size_t stride, float *masked) {
  uint32_t any = 0;
  for (size_t j = 0; j < stride; j++) {
    float d = time[j] > t ? delta[j] : 0.0f;
    masked[j] = d;
    any |= d != 0.0f;
  }
  return (int)any;
}

/// One row: weights only.
MULTIVERSION static void change_reals(float *w, const float *masked, size_t stride, soma_bs4nn_rule rule) {
  for (size_t j = 0; j < stride; j++) {
    float x = (w[j] - rule.rate * masked[j]) * rule.keep;
    x = x < -rule.bound ? -rule.bound : x;
    w[j] = x > rule.bound ? rule.bound : x;
  }
}
/// One row: weights and the bytes of their signs. Returns how many signs changed.
MULTIVERSION static size_t change_signs(
    float *w, uint8_t *negative, const float *masked, size_t stride, soma_bs4nn_rule rule) {
  uint32_t flips = 0;
  for (size_t j = 0; j < stride; j++) {
    float x = (w[j] - rule.rate * masked[j]) * rule.keep;
    x = x < -rule.bound ? -rule.bound : x;
    x = x > rule.bound ? rule.bound : x;
    w[j] = x;
    uint8_t sign = x < 0;
    flips += sign ^ negative[j];
    negative[j] = sign;
  }
  return flips;
}

#if SOMA_AVX512
SOMA_WIDE static size_t change_signs_512(
    float *w, uint8_t *negative, const float *masked, size_t stride, soma_bs4nn_rule rule) {
  __m512 rate = _mm512_set1_ps(rule.rate), keep = _mm512_set1_ps(rule.keep), zero = _mm512_setzero_ps();
  __m512 high = _mm512_set1_ps(rule.bound), low = _mm512_set1_ps(-rule.bound);
  size_t flips = 0;
  for (size_t j = 0; j < stride; j += 16) {
    __m512 d = _mm512_loadu_ps(masked + j);
    __mmask16 active = _mm512_cmp_ps_mask(d, zero, _CMP_NEQ_UQ);
    if (active == 0 && rule.keep == 1) continue;
    __m512 old = _mm512_loadu_ps(w + j);
    __m512 x = _mm512_mul_ps(_mm512_sub_ps(old, _mm512_mul_ps(rate, d)), keep);
    x = _mm512_min_ps(_mm512_max_ps(x, low), high);
    _mm512_storeu_ps(w + j, x);
    __mmask16 sign = _mm512_cmp_ps_mask(x, zero, _CMP_LT_OQ);
    flips += (size_t)__builtin_popcount(sign ^ _mm512_cmp_ps_mask(old, zero, _CMP_LT_OQ));
    _mm_storeu_si128((__m128i *)(negative + j), _mm_maskz_set1_epi8(sign, 1));
  }
  return flips;
}
#endif

/// 16 partial sums in a fixed order, whatever the vectors of the machine.
SOMA_INLINE float total(const float *lane) {
  float eight[8], four[4];
  for (int l = 0; l < 8; l++) eight[l] = lane[l] + lane[l + 8];
  for (int l = 0; l < 4; l++) four[l] = eight[l] + eight[l + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}
/// Sums of error times weight, and of error times sign, over a row.
MULTIVERSION static void sum_row(const float *w, const float *masked, size_t stride, float *reals, float *signs) {
  float real[16] = {0}, sign[16] = {0};
  for (size_t j = 0; j < stride; j += 16) {
    for (size_t l = 0; l < 16; l++) {
      float d = masked[j + l], x = w[j + l];
      real[l] += d * x;
      sign[l] += x < 0 ? -d : d;
    }
  }
  *reals = total(real);
  *signs = total(sign);
}

size_t soma_bs4nn_update(
    float *weights, uint8_t *negative, size_t stride, soma_bs4nn_events in, const uint16_t *time, const float *delta,
    soma_bs4nn_rule rule, float *back, double *sign_sum, float *masked, int form) {
  size_t flips = 0;
  double sum = 0;
  int sums = back != NULL || sign_sum != NULL, active = 0;
  uint32_t t = UINT32_MAX;
#if SOMA_AVX512
  int wide = soma_has_512(form);
#else
  (void)form;
#endif
  for (size_t e = 0; e < in.count; e++) {
    if (in.time[e] != t) {
      t = in.time[e];
      active = mask_errors(delta, time, t, stride, masked);
      if (!active && rule.keep == 1) {
        // Later inputs are before nobody either.
        for (size_t rest = e; back && rest < in.count; rest++) back[in.index[rest]] = 0;
        break;
      }
    }
    float *w = weights + (size_t)in.index[e] * stride, reals = 0, signs = 0;
    if (sums && rule.uses_previous) sum_row(w, masked, stride, &reals, &signs);
    if (negative == NULL) {
      change_reals(w, masked, stride, rule);
    } else {
      uint8_t *row = negative + (size_t)in.index[e] * stride;
#if SOMA_AVX512
      if (wide) flips += change_signs_512(w, row, masked, stride, rule); else
#endif
      flips += change_signs(w, row, masked, stride, rule);
    }
    if (!sums) continue;
    if (!rule.uses_previous) sum_row(w, masked, stride, &reals, &signs);
    if (back) back[in.index[e]] = rule.goes_through_reals ? reals : signs;
    sum += signs;
  }
  if (sign_sum) *sign_sum = sum;
  return flips;
}
