// Integrate-and-fire layers driven by lists of spikes, in whole numbers: sums do not depend on their order.
#ifndef L4_CONVERSION_KERNELS_H
#define L4_CONVERSION_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/// Potentials stay within ±this.
enum { SOMA_L4_LIMIT = 1 << 30 };

/// What a spike does to the membrane. `none` never fires and forgets after every step.
enum { SOMA_L4_SOFT, SOMA_L4_HARD, SOMA_L4_MODULO, SOMA_L4_BURST, SOMA_L4_NONE };

/// Spikes of some neurons over some steps: those of step t are index[first[t]] .. index[first[t + 1] - 1].
typedef struct {
  const uint32_t *index, *first;
  /// How many spikes each stands for; null where one.
  const uint32_t *multiplicity;
} soma_l4_events;

/// Weights as rows that spikes add somewhere. Source i has the pieces pieces[i] .. pieces[i + 1] - 1; each adds
/// weights[row[p]] .. of `length` to the potentials from place[p] on.
typedef struct {
  const int16_t *weights;
  const uint32_t *pieces, *row, *place;
  size_t length;
} soma_l4_synapses;

/// A layer in front of its spikes.
typedef struct {
  size_t outputs;
  int32_t threshold;
  int reset;
  /// Added in every step.
  const int32_t *constant;
} soma_l4_layer;

/// Runs a layer over `steps` steps from `potential`, which is left as it is afterwards. Fired neurons are listed in
/// `index` (room for outputs × steps) with `first` (steps + 1) and, for bursts, `multiplicity`. `before` and `after`
/// (steps × outputs), where not null, get the potentials before and after firing. `wide` is room for outputs.
void soma_l4_run(
    const soma_l4_layer *layer, const soma_l4_synapses *synapses, const soma_l4_events *events, size_t steps,
    int32_t *potential, uint32_t *index, uint32_t *first, uint32_t *multiplicity, int32_t *before, int32_t *after,
    int64_t *wide);

/// The geometry of a convolution over pairs of input channels; the image is [height][width][pairs][2] with its padding.
typedef struct {
  size_t pairs, height, width, kernel_height, kernel_width, stride, output_height, output_width, channels;
} soma_l4_window;

/// Whether `soma_l4_window_step` can run here: it needs AVX-512.
int soma_l4_has_windows(void);
/// Counts spikes into the padded image, cells cell[first[i]] .. cell[first[i + 1] - 1] for source i.
void soma_l4_count_sources(
    const soma_l4_window *window, const uint32_t *first, const uint32_t *cell, const uint32_t *index, size_t count,
    int16_t *counts);
/// One step of a convolution with soft or hard reset. `weights` are [64 channels][kernel_height][kernel_width][pairs]
/// [those channels, padded to 16][2]. Lists fired neurons in `index` and returns how many. `offset` and `value` are room for
/// kernel_height · kernel_width · pairs + 16.
size_t soma_l4_window_step(
    const soma_l4_layer *layer, const soma_l4_window *window, const int16_t *weights, const int16_t *counts,
    int32_t *potential, uint32_t *index, uint32_t *offset, int32_t *value);

/// Spikes as numbers for a matrix product: columns[t][cell[p]] += value for every piece p of every spike in the steps from
/// `first_step` on; a step has `size` columns.
void soma_l4_spread(
    const soma_l4_synapses *synapses, const uint32_t *cell, const soma_l4_events *events, size_t first_step,
    size_t steps, size_t size, float value, float *columns);
/// The steps of `soma_l4_run` for which the charge of every neuron and step, steps × outputs, is there already as whole
/// numbers. Fired neurons are listed from `found` on; first[0] .. first[steps - 1] are set. Returns how many are listed.
size_t soma_l4_integrate(
    const soma_l4_layer *layer, const float *charge, size_t steps, int32_t *potential, uint32_t *index,
    uint32_t *first, uint32_t *multiplicity, size_t found);

/// Dense layers with soft or hard reset: blocks of `width` outputs, a multiple of 16 up to 256, stay in registers for
/// all steps. `weights` is one block, inputs × width. `lowered` are events whose weights are taken away. Bits of fired
/// neurons go to `fired`, `stride` 16-bit words a step.
void soma_l4_dense_block(
    const int16_t *weights, size_t width, const int32_t *constant, const soma_l4_events *raised,
    const soma_l4_events *lowered, size_t steps, int32_t threshold, int is_hard, int32_t *potential, uint16_t *fired,
    size_t stride, int form);
enum { SOMA_L4_FASTEST, SOMA_L4_PORTABLE };

/// Lists the bits of `words` words a step; returns how many. `index` has room for one more.
size_t soma_l4_list(const uint64_t *fired, size_t words, size_t steps, uint32_t *index, uint32_t *first);
size_t soma_l4_count(const uint64_t *fired, size_t words);

/// Bernoulli spikes of the inputs `active`: input i fires in step t where the top 24 bits of number (t·inputs + i) of the
/// stream are below its limit. With `complement`, inputs whose limit is above 2²³ count as always on, and the steps in
/// which they do not fire are listed in `lowered`. Returns the number of spikes.
size_t soma_l4_bernoulli(
    uint64_t key, const uint32_t *active, const uint32_t *limit, size_t count, size_t inputs, size_t first_step,
    size_t steps, int complement, uint32_t *raised, uint32_t *raised_first, uint32_t *lowered, uint32_t *lowered_first,
    uint8_t *scratch);

/// sum[j] += Σ weights[index[e]·width + j] for one block.
void soma_l4_add_rows(const int16_t *weights, size_t width, const uint32_t *index, size_t count, int32_t *sum);
#endif
