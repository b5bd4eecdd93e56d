// Products with a matrix that is used many times, as the weights of a recurrent layer at every step: it is brought once
// into panels of 32 columns, and every product reads these in order.
//
// A row of the result is a sum over k in order, whatever other rows there are.
#include "Kernels.h"
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f")))
#define INLINE static inline __attribute__((always_inline))

enum { WIDTH = 32, ROWS = 12, DEPTH = 256 };

int soma_packs(void) { return __builtin_cpu_supports("avx512f") != 0; }

ptrdiff_t soma_packed_size(ptrdiff_t k, ptrdiff_t n) { return (n + WIDTH - 1) / WIDTH * WIDTH * k; }

// Blocks of DEPTH rows, in each the panels one behind the other: a panel of a block stays in the first cache.
void soma_pack(int is_transposed, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t stride, float *packed) {
  for (ptrdiff_t first = 0; first < k; first += DEPTH) {
    const ptrdiff_t depth = k - first < DEPTH ? k - first : DEPTH;
    for (ptrdiff_t column = 0; column < n; column += WIDTH) {
      const ptrdiff_t width = n - column < WIDTH ? n - column : WIDTH;
      for (ptrdiff_t i = 0; i < depth; i++, packed += WIDTH) {
        if (is_transposed) {
          for (ptrdiff_t j = 0; j < width; j++) packed[j] = b[(column + j) * stride + first + i];
        } else {
          memcpy(packed, b + (first + i) * stride + column, (size_t)width * sizeof *packed);
        }
        if (width < WIDTH) memset(packed + width, 0, (size_t)(WIDTH - width) * sizeof *packed);
      }
    }
  }
}

// `rows` rows of the result under one panel: sums in registers, one broadcast and two multiplications for each row and k.
// `ahead` is the panel that is wanted next, fetched meanwhile: weights of several layers do not stay in the second cache.
INLINE WIDE void tile(const int rows, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t column, const float *b,
                      int adds, float *c, ptrdiff_t stride, __mmask16 first, __mmask16 second,
                      const float *ahead) {
  __m512 sums[ROWS][2];
  for (int i = 0; i < rows; i++) {
    sums[i][0] = adds ? _mm512_maskz_loadu_ps(first, c + i * stride) : _mm512_setzero_ps();
    sums[i][1] = adds ? _mm512_maskz_loadu_ps(second, c + i * stride + 16) : _mm512_setzero_ps();
  }
  for (ptrdiff_t p = 0; p < k; p++, b += WIDTH, a += column) {
    _mm_prefetch((const char *)(ahead + p * WIDTH), _MM_HINT_T1);
    _mm_prefetch((const char *)(ahead + p * WIDTH + 16), _MM_HINT_T1);
    const __m512 x = _mm512_load_ps(b), y = _mm512_load_ps(b + 16);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const __m512 factor = _mm512_set1_ps(a[i * row]);
      sums[i][0] = _mm512_fmadd_ps(factor, x, sums[i][0]);
      sums[i][1] = _mm512_fmadd_ps(factor, y, sums[i][1]);
    }
  }
  for (int i = 0; i < rows; i++) {
    _mm512_mask_storeu_ps(c + i * stride, first, sums[i][0]);
    _mm512_mask_storeu_ps(c + i * stride + 16, second, sums[i][1]);
  }
}
#define CASE(n)                                                                  \
  case n:                                                                        \
    tile(n, k, a, row, column, b, adds, c, stride, first, second, ahead);        \
    break;
WIDE static void any_tile(ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t column, const float *b,
                          int adds, float *c, ptrdiff_t stride, ptrdiff_t width, const float *ahead) {
  const unsigned mask = width >= WIDTH ? 0xffffffffu : (1u << width) - 1;
  const __mmask16 first = (__mmask16)(mask & 0xffff), second = (__mmask16)(mask >> 16);
  switch (rows) {
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
  }
}

void soma_packed_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t column,
                         const float *packed, int adds, float *c, ptrdiff_t stride) {
  const ptrdiff_t blocks = (m + ROWS - 1) / ROWS, panels = (n + WIDTH - 1) / WIDTH;
  for (ptrdiff_t first = 0; first < k; first += DEPTH) {
    const ptrdiff_t depth = k - first < DEPTH ? k - first : DEPTH;
    for (ptrdiff_t panel = 0; panel < panels; panel++) {
      const float *b = packed + first * panels * WIDTH + panel * depth * WIDTH;
      const float *next = panel + 1 < panels ? b + depth * WIDTH : packed;
      for (ptrdiff_t block = 0; block < blocks; block++) {
        const ptrdiff_t from = block * m / blocks, rows = (block + 1) * m / blocks - from;
        any_tile(rows, depth, a + from * row + first * column, row, column, b, adds || first > 0,
                 c + from * stride + panel * WIDTH, stride, n - panel * WIDTH, block == 0 ? next : b);
      }
    }
  }
}

#else  // Elsewhere there are no panels, and callers use ordinary products.

int soma_packs(void) { return 0; }
ptrdiff_t soma_packed_size(ptrdiff_t k, ptrdiff_t n) { return k * n; }
void soma_pack(int is_transposed, ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t stride, float *packed) {
  (void)is_transposed, (void)k, (void)n, (void)b, (void)stride, (void)packed;
}
void soma_packed_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t column,
                         const float *packed, int adds, float *c, ptrdiff_t stride) {
  (void)m, (void)n, (void)k, (void)a, (void)row, (void)column, (void)packed, (void)adds, (void)c, (void)stride;
}
#endif
