// One loop per kind of operation over a strip of neurons: what is read of a program is shared by all of them.
#include "EquationKernels.h"
#include "multiversion.h"
#include <math.h>
#pragma STDC FP_CONTRACT OFF

#define EACH(value)                                                 \
  _Pragma("clang loop vectorize(assume_safety)")                    \
  for (ptrdiff_t i = 0; i < n; i++) r[i] = (value);                 \
  break

// Functions of the C library have no vector form.
#define CALL(value)                                 \
  for (ptrdiff_t i = 0; i < n; i++) r[i] = (value); \
  break

MULTIVERSION void equation_run(const equation_step *steps, ptrdiff_t count, float *const *registers, ptrdiff_t n) {
  for (const equation_step *s = steps; s < steps + count; s++) {
    float *r = registers[s->result];
    const float *a = registers[s->a], *b = registers[s->b], *c = registers[s->c], x = s->scalar;
    switch (s->code) {
    case EQUATION_COPY: EACH(a[i]);
    case EQUATION_ADD: EACH(a[i] + b[i]);
    case EQUATION_SUBTRACT: EACH(a[i] - b[i]);
    case EQUATION_MULTIPLY: EACH(a[i] * b[i]);
    case EQUATION_DIVIDE: EACH(a[i] / b[i]);
    case EQUATION_POWER: CALL(powf(a[i], b[i]));
    case EQUATION_MINIMUM: EACH(a[i] < b[i] ? a[i] : b[i]);
    case EQUATION_MAXIMUM: EACH(a[i] > b[i] ? a[i] : b[i]);
    case EQUATION_LESS: EACH(a[i] < b[i] ? 1.0f : 0.0f);
    case EQUATION_LESS_EQUAL: EACH(a[i] <= b[i] ? 1.0f : 0.0f);
    case EQUATION_EQUAL: EACH(a[i] == b[i] ? 1.0f : 0.0f);
    case EQUATION_SELECT: EACH(a[i] != 0 ? b[i] : c[i]);
    case EQUATION_ADD_SCALAR: EACH(a[i] + x);
    case EQUATION_MULTIPLY_SCALAR: EACH(a[i] * x);
    case EQUATION_MULTIPLY_SCALAR_ADD: EACH(a[i] * x + b[i]);
    case EQUATION_LESS_EQUAL_SCALAR: EACH(a[i] <= x ? 1.0f : 0.0f);
    case EQUATION_SCALAR_LESS_EQUAL: EACH(x <= a[i] ? 1.0f : 0.0f);
    case EQUATION_EXP: CALL(expf(a[i]));
    case EQUATION_LN: CALL(logf(a[i]));
    case EQUATION_SQRT: CALL(sqrtf(a[i]));
    case EQUATION_SIN: CALL(sinf(a[i]));
    case EQUATION_COS: CALL(cosf(a[i]));
    case EQUATION_TANH: CALL(tanhf(a[i]));
    case EQUATION_ABS: EACH(fabsf(a[i]));
    case EQUATION_SIGN: EACH(a[i] > 0 ? 1.0f : a[i] < 0 ? -1.0f : 0.0f);
    case EQUATION_FLOOR: CALL(floorf(a[i]));
    case EQUATION_CEIL: CALL(ceilf(a[i]));
    case EQUATION_ROUND: CALL(roundf(a[i]));
    }
  }
}
