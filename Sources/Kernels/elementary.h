// eˣ and tanh x without calls, so that loops over them become vector code; for the loops of the kernels and of plugins.
// Whoever includes this switches contraction off.
#pragma once
#include <stdint.h>
#include <string.h>

// eˣ = 2ⁿ·eʳ with n = round(x / ln 2), |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7, whose rest is below
// 1e-8. ln 2 is subtracted in two parts, the first with few bits, so that n·ln 2 costs no digits. 2ⁿ is made in two
// factors, since 2¹²⁸ is no float though e⁸⁸·⁷ is one.
static inline __attribute__((always_inline)) float power_of_two(int32_t n) {
  const int32_t bits = (n + 127) * (1 << 23);
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}
static inline __attribute__((always_inline)) float exponential(float x) {
  const float low = x < -87.0f ? -87.0f : x, limited = low > 89.0f ? 89.0f : low;
  const float shifter = 12582912.0f;  // 1.5·2²³: adding it rounds to a whole number
  const float n = (limited * 1.44269504f + shifter) - shifter;
  const float r = (limited - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1;
  p = p * r + 1;
  const int32_t whole = x == x ? (int32_t)n : 0, half = whole >> 1;
  const float value = p * power_of_two(half) * power_of_two(whole - half);
  return x < -87.0f ? 0 : value;
}

// tanh x = 1 − 2 / (e²ˣ + 1) away from 0. Near 0 that difference loses digits, and the odd series is taken instead:
// up to x¹³, whose rest at 0.5 is below 2e-7 of the value.
static inline __attribute__((always_inline)) float hyperbolic_tangent(float x) {
  const float a = __builtin_fabsf(x), z = a * a;
  const float far = 1 - 2 / (exponential(2 * (a > 10 ? 10 : a)) + 1);
  float p = 21844.0f / 6081075;
  p = p * z - 1382.0f / 155925;
  p = p * z + 62.0f / 2835;
  p = p * z - 17.0f / 315;
  p = p * z + 2.0f / 15;
  p = p * z - 1.0f / 3;
  const float near = a + a * (z * p);
  return __builtin_copysignf(a < 0.5f ? near : far, x);
}
