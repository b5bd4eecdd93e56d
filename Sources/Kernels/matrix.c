// Matrix products by oneDNN, one thread per call: the work is cut by the callers, so bits do not depend on threads.
#include "Kernels.h"
#include "onednn.h"
#include <oneapi/dnnl/dnnl.h>
#pragma STDC FP_CONTRACT OFF

// libdnnl brings its own OpenMP; a weak reference needs neither its header nor a link flag.
extern void omp_set_num_threads(int) __attribute__((weak));
static _Thread_local int is_alone;

void soma_stay_alone(void) {
  if (is_alone) return;
  if (omp_set_num_threads) omp_set_num_threads(1);
  is_alone = 1;
}

void soma_matrix_product(int ta, int tb, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda,
                         const float *b, ptrdiff_t ldb, float beta, float *c, ptrdiff_t ldc) {
  soma_stay_alone();
  dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
}
