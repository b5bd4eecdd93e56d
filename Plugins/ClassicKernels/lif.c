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

MULTIVERSION void classic_lif_tape(const classic_lif_rule *rule, const float *restrict current, ptrdiff_t cs,
                                   const float *membrane, const float *waiting, float *restrict tape, ptrdiff_t n,
                                   ptrdiff_t steps) {
  const float decay = rule->decay, gain = rule->gain, threshold = rule->threshold, keep = rule->keep;
  const float pause = rule->refractory;
  float v[CLASSIC_STRIP], w[CLASSIC_STRIP];
  for (ptrdiff_t i = 0; i < n; i++) {
    v[i] = membrane[i];
    w[i] = waiting[i];
  }
  for (ptrdiff_t t = 0; t < steps; t++, tape += 2 * CLASSIC_STRIP) {
    const float *restrict in = current + t * cs;
    for (ptrdiff_t i = 0; i < n; i++) {
      const int waits = w[i] > 0;
      const float m = waits ? v[i] : decay * v[i] + gain * in[i];
      const int spikes = !waits & (m >= threshold);
      tape[i] = m;
      tape[CLASSIC_STRIP + i] = w[i];
      v[i] = spikes ? keep * (m - threshold) : m;
      w[i] = spikes ? pause : waits ? w[i] - 1 : 0.0f;
    }
  }
}

MULTIVERSION void classic_lif_distances(const classic_lif_rule *rule, const float *restrict row,
                                        float *restrict distances, ptrdiff_t n) {
  const float threshold = rule->threshold, *restrict waiting = row + CLASSIC_STRIP;
  for (ptrdiff_t i = 0; i < n; i++) distances[i] = waiting[i] > 0 ? -1e9f : (row[i] - threshold) / threshold;
}

MULTIVERSION void classic_lif_pullback(const classic_lif_rule *rule, const float *restrict row,
                                       const float *restrict slopes, const float *restrict upstream,
                                       float *restrict adjoints, float *restrict result, ptrdiff_t n, int accumulates) {
  const float decay = rule->decay, gain = rule->gain, threshold = rule->threshold, keep = rule->keep;
  const float *restrict waiting = row + CLASSIC_STRIP;
  for (ptrdiff_t i = 0; i < n; i++) {
    const int waits = waiting[i] > 0, spikes = !waits & (row[i] >= threshold);
    const float kept = adjoints[i] * (spikes ? keep : 1.0f), through = upstream[i] * slopes[i] / threshold;
    const float m = kept + through;
    adjoints[i] = waits ? m : m * decay;
    const float sent = waits ? 0.0f : gain * m;
    result[i] = accumulates ? result[i] + sent : sent;
  }
}
