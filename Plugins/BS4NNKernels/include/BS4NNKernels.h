/// Single-spike layers with one spike per neuron (arXiv 2007.04039 and 1910.09495), on one core.
///
/// Weights are stored input-major: one row per input, padded to `stride` neurons. A binary layer is a matrix of bytes,
/// 1 where the weight is -1. With n inputs arrived, `neg` of them over a negative synapse, the potential is
/// V = n - 2 neg, and V >= threshold is neg <= (n - threshold) >> 1. So only bytes are added and compared.
///
/// A neuron that crosses at index k fires at k + 1; a crossing at the last index, window - 1, counts as silence.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Which code to run: the portable one is the reference of the others.
enum { SOMA_BS4NN_FASTEST = 0, SOMA_BS4NN_PORTABLE = 1 };

/// Spikes in the order of their times.
typedef struct {
  const uint16_t *index, *time;
  size_t count;
} soma_bs4nn_events;

/// What a layer did. Arrays have `stride` elements; those marked so may be null.
typedef struct {
  /// Time of the spike; `window` where silent, and in padding.
  uint16_t *time;
  /// Spikes in order: index and time, `stride` + 64 elements.
  uint16_t *spike_index, *spike_time;
  size_t spikes;
  /// Bytes of scratch: `soma_bs4nn_scratch(stride)`.
  void *scratch;
} soma_bs4nn_response;

/// Neurons per padded row: a multiple of 64, or of 16 up to 48 neurons.
size_t soma_bs4nn_stride(size_t neurons);
size_t soma_bs4nn_scratch(size_t stride);

/// Inputs of one sample in order of time, then index.
///
/// - times: time of each input; `never` or more is left out.
/// - counts: scratch of `never` + 1 elements.
/// Returns the number of events written.
size_t soma_bs4nn_sort(
    const uint16_t *times, size_t inputs, uint32_t never, uint32_t *counts, uint16_t *index, uint16_t *time);

/// Spikes of a binary layer. `crossing`, `probe` and `end` may be null: the potential at the crossing (INT32_MIN where
/// there is none), at index window - 3 and at index window - 1.
void soma_bs4nn_forward_signs(
    const uint8_t *negative, size_t neurons, size_t stride, int32_t threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, int32_t *crossing, int32_t *probe, int32_t *end, int form);

/// Spikes of a layer with real weights: fires where V > threshold. `crossing` holds NaN where there is none.
void soma_bs4nn_forward_reals(
    const float *weights, size_t neurons, size_t stride, float threshold, uint32_t window, soma_bs4nn_events in,
    soma_bs4nn_response *out, float *crossing, float *probe, float *end);

/// How weights change: W <- clip((W - rate d) keep).
typedef struct {
  float rate, keep, bound;
  /// 1: sums use the weights before the change. 1: errors go back through the real weight instead of its sign.
  int uses_previous, goes_through_reals;
} soma_bs4nn_rule;

/// One step of a layer for one sample: weights from inputs that came before the spike of their neuron.
///
/// - delta: dL/dV of each neuron, 0 in padding.
/// - negative: signs to be refreshed, or null where the forward pass uses real weights.
/// - back: null, or for each input that spiked the sum over the neurons that fired after it of delta times weight.
/// - sign_sum: null, or receives the sum of delta times sign over all pairs with the input first.
/// - masked: scratch of `stride` floats.
/// Returns how many signs changed.
size_t soma_bs4nn_update(
    float *weights, uint8_t *negative, size_t stride, soma_bs4nn_events in, const uint16_t *time, const float *delta,
    soma_bs4nn_rule rule, float *back, double *sign_sum, float *masked, int form);

/// A network of two binary layers made ready to classify bytes.
typedef struct {
  size_t inputs, hidden, outputs, hidden_stride, output_stride;
  /// inputs x hidden_stride, 1 where negative.
  const uint8_t *negative;
  /// hidden x output_stride, 1 or -1; 0 in padding.
  const int8_t *column;
  /// Null, or for each 64 hidden neurons 16 words, one per output: a bit where the synapse is positive.
  const uint64_t *positive;
  int32_t hidden_threshold, output_threshold;
  uint32_t window;
  /// A byte of `first_active` or more has the spike time of its rank: time[rank[byte]]; ranks follow time.
  int first_active;
  uint8_t rank[256];
  uint16_t time[256];
} soma_bs4nn_network;

typedef struct {
  /// Time of the first output spike, `window` where there is none.
  int32_t time;
  /// The lowest of the first, and the one of them with the highest potential (of all outputs where none fired).
  int32_t lowest, highest;
  /// How many came first together; 0 where none fired.
  int32_t first;
  /// Spikes strictly before the decision, all where there is none.
  int32_t input_spikes, hidden_spikes;
} soma_bs4nn_decision;

size_t soma_bs4nn_classify_scratch(const soma_bs4nn_network *network);
/// Classifies images of bytes and stops each at its first output spike.
///
/// - potentials: null, or per image `outputs` potentials at the decision, or at index window - 3 without one.
void soma_bs4nn_classify(
    const soma_bs4nn_network *network, const uint8_t *images, size_t count, soma_bs4nn_decision *decisions,
    int16_t *potentials, void *scratch, int form);

#ifdef __cplusplus
}
#endif
