#pragma once
#include <stddef.h>

// What a step does with whole registers, element by element; conditions are 1 or 0.
enum equation_code {
  EQUATION_COPY, EQUATION_ADD, EQUATION_SUBTRACT, EQUATION_MULTIPLY, EQUATION_DIVIDE, EQUATION_POWER, EQUATION_MINIMUM,
  EQUATION_MAXIMUM, EQUATION_LESS, EQUATION_LESS_EQUAL, EQUATION_EQUAL, EQUATION_SELECT, EQUATION_ADD_SCALAR,
  EQUATION_MULTIPLY_SCALAR, EQUATION_MULTIPLY_SCALAR_ADD, EQUATION_LESS_EQUAL_SCALAR, EQUATION_SCALAR_LESS_EQUAL, EQUATION_EXP, EQUATION_LN, EQUATION_SQRT, EQUATION_SIN, EQUATION_COS, EQUATION_TANH,
  EQUATION_ABS, EQUATION_SIGN, EQUATION_FLOOR, EQUATION_CEIL, EQUATION_ROUND
};

// result = code(a, b, c), code(a, scalar), or a·scalar + b; numbers are those of registers.
typedef struct {
  int code, result, a, b, c;
  float scalar;
} equation_step;

// Carries out steps in order on registers of n floats. A step may write over a register that it reads.
void equation_run(const equation_step *steps, ptrdiff_t count, float *const *registers, ptrdiff_t n);
