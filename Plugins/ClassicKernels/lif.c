#include "ClassicKernels.h"
#include "multiversion.h"
#pragma STDC FP_CONTRACT OFF

// A strip of neurons stays in registers and the first-level cache over all steps.
enum { strip = 256 };

MULTIVERSION static void free_running(const classic_lif_rule *rule, const float *restrict current, ptrdiff_t cs,
                                      float *restrict output, ptrdiff_t os, float *restrict membrane, ptrdiff_t n,
                                      ptrdiff_t steps) {
  const float decay = rule->decay, gain = rule->gain, threshold = rule->threshold, keep = rule->keep;
  for (ptrdiff_t t = 0; t < steps; t++) {
    const float *restrict in = current + t * cs;
    float *restrict out = output + t * os;
    for (ptrdiff_t i = 0; i < n; i++) {
      float v = decay * membrane[i] + gain * in[i];
      int spikes = v >= threshold;
      out[i] = spikes ? 1.0f : 0.0f;
      membrane[i] = spikes ? keep * (v - threshold) : v;
    }
  }
}

MULTIVERSION static void refractory(const classic_lif_rule *rule, const float *restrict current, ptrdiff_t cs,
                                    float *restrict output, ptrdiff_t os, float *restrict membrane,
                                    float *restrict waiting, ptrdiff_t n, ptrdiff_t steps) {
  const float decay = rule->decay, gain = rule->gain, threshold = rule->threshold, keep = rule->keep;
  const float pause = rule->refractory;
  for (ptrdiff_t t = 0; t < steps; t++) {
    const float *restrict in = current + t * cs;
    float *restrict out = output + t * os;
    for (ptrdiff_t i = 0; i < n; i++) {
      int waits = waiting[i] > 0;
      float v = waits ? membrane[i] : decay * membrane[i] + gain * in[i];
      int spikes = !waits & (v >= threshold);
      out[i] = spikes ? 1.0f : 0.0f;
      membrane[i] = spikes ? keep * (v - threshold) : v;
      waiting[i] = spikes ? pause : waits ? waiting[i] - 1 : 0.0f;
    }
  }
}

void classic_lif(const classic_lif_rule *rule, const float *current, ptrdiff_t cs, float *output, ptrdiff_t os,
                 float *membrane, float *waiting, ptrdiff_t count, ptrdiff_t steps) {
  for (ptrdiff_t first = 0; first < count; first += strip) {
    ptrdiff_t n = count - first < strip ? count - first : strip;
    if (rule->refractory > 0)
      refractory(rule, current + first, cs, output + first, os, membrane + first, waiting + first, n, steps);
    else
      free_running(rule, current + first, cs, output + first, os, membrane + first, n, steps);
  }
}
