// Convolutions by oneDNN's own primitives, which want images and weights in blocks of channels.
//
// A plan is a primitive with its reorders and buffers, made once for a shape and kept by the thread that runs it: nothing
// is shared, and nothing depends on which thread comes first. Forward and backward run image by image, so that an image
// has the same bits alone and within a batch; weights are summed over the images of one call.
#include "primitives.h"
#include "onednn.h"
#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#if DNNL_VERSION_MAJOR == 2

enum kind { FORWARD, BACKWARD, WEIGHTS };
enum { OPERANDS = 3, PLANS = 64 };

// An operand in the layout of the caller, and in that of the primitive where it differs.
typedef struct {
  dnnl_memory_t plain, blocked;
  dnnl_primitive_t reorder;
  float *buffer;
} operand;

typedef struct {
  enum kind kind;
  ptrdiff_t outputs, count;
  soma_window window;
  dnnl_primitive_t primitive;
  operand operands[OPERANDS];  // two that go in, and the result
  int is_ready;
} plan;

// What a primitive calls its operands.
static const int arguments[][OPERANDS] = {
    [FORWARD] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
    [BACKWARD] = {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC},
    [WEIGHTS] = {DNNL_ARG_DIFF_DST, DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS},
};

static _Thread_local dnnl_engine_t engine;
static _Thread_local dnnl_stream_t stream;
static _Thread_local plan plans[PLANS];
static _Thread_local int plan_count, next_plan;

static int start(void) {
  if (stream) return 1;
  soma_stay_alone();
  if (!engine && dnnl_engine_create(&engine, dnnl_cpu, 0)) return 0;
  return dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) == dnnl_success;
}

// Descriptors of images, weights and outputs in a layout; `any` leaves it to the primitive.
typedef struct {
  dnnl_memory_desc_t images, weights, outputs;
} layout;

static int describe(layout *result, const plan *p, int is_any) {
  const soma_window *w = &p->window;
  const dnnl_dims_t images = {p->count, w->channels, w->height, w->width},
                    weights = {p->outputs, w->channels, w->kernel_height, w->kernel_width},
                    outputs = {p->count, p->outputs, w->output_height, w->output_width};
  const dnnl_format_tag_t tag = is_any ? dnnl_format_tag_any : dnnl_abcd;
  return !dnnl_memory_desc_init_by_tag(&result->images, 4, images, dnnl_f32, tag) &&
         !dnnl_memory_desc_init_by_tag(&result->weights, 4, weights, dnnl_f32, tag) &&
         !dnnl_memory_desc_init_by_tag(&result->outputs, 4, outputs, dnnl_f32, tag);
}

static ptrdiff_t after(ptrdiff_t places, ptrdiff_t stride, ptrdiff_t kernel, ptrdiff_t extent, ptrdiff_t before) {
  const ptrdiff_t zeros = (places - 1) * stride + kernel - extent - before;
  return zeros > 0 ? zeros : 0;
}

static int choose(dnnl_primitive_desc_t *result, const plan *p) {
  layout any;
  if (!describe(&any, p, 1)) return 0;
  const soma_window *w = &p->window;
  const dnnl_dims_t strides = {w->stride, w->stride}, before = {w->top, w->left},
                    behind = {after(w->output_height, w->stride, w->kernel_height, w->height, w->top),
                              after(w->output_width, w->stride, w->kernel_width, w->width, w->left)};
  dnnl_convolution_desc_t forward, description;
  dnnl_primitive_desc_t hint;
  if (dnnl_convolution_forward_desc_init(&forward, dnnl_forward_training, dnnl_convolution_direct, &any.images,
                                         &any.weights, 0, &any.outputs, strides, before, behind) ||
      dnnl_primitive_desc_create(&hint, &forward, 0, engine, 0))
    return 0;
  if (p->kind == FORWARD) {
    *result = hint;
    return 1;
  }
  const int failed =
      p->kind == BACKWARD
          ? dnnl_convolution_backward_data_desc_init(&description, dnnl_convolution_direct, &any.images, &any.weights,
                                                     &any.outputs, strides, before, behind)
          : dnnl_convolution_backward_weights_desc_init(&description, dnnl_convolution_direct, &any.images,
                                                        &any.weights, 0, &any.outputs, strides, before, behind);
  const int found = !failed && !dnnl_primitive_desc_create(result, &description, 0, engine, hint);
  dnnl_primitive_desc_destroy(hint);
  return found;
}

// A reorder between the two layouts of an operand, where they differ.
static int join(operand *o, const dnnl_memory_desc_t *plain, const dnnl_memory_desc_t *wanted, int is_result) {
  if (dnnl_memory_create(&o->plain, plain, engine, DNNL_MEMORY_NONE)) return 0;
  if (dnnl_memory_desc_equal(plain, wanted))
    return !dnnl_memory_create(&o->blocked, wanted, engine, DNNL_MEMORY_NONE);
  const size_t size = (dnnl_memory_desc_get_size(wanted) + 63) / 64 * 64;
  if (!(o->buffer = aligned_alloc(64, size)) || dnnl_memory_create(&o->blocked, wanted, engine, o->buffer)) return 0;
  dnnl_primitive_desc_t reorder;
  if (dnnl_reorder_primitive_desc_create(&reorder, is_result ? wanted : plain, engine, is_result ? plain : wanted,
                                         engine, 0))
    return 0;
  const int is_made = !dnnl_primitive_create(&o->reorder, reorder);
  dnnl_primitive_desc_destroy(reorder);
  return is_made;
}

static int prepare(plan *p) {
  layout plain;
  dnnl_primitive_desc_t chosen;
  if (!describe(&plain, p, 0) || !choose(&chosen, p)) return 0;
  int is_ready = !dnnl_primitive_create(&p->primitive, chosen);
  for (int k = 0; is_ready && k < OPERANDS; k++) {
    const int argument = arguments[p->kind][k];
    const dnnl_memory_desc_t *wanted = dnnl_primitive_desc_query_md(chosen, dnnl_query_exec_arg_md, argument);
    const int is_image = argument == DNNL_ARG_SRC || argument == DNNL_ARG_DIFF_SRC;
    const int is_weights = argument == DNNL_ARG_WEIGHTS || argument == DNNL_ARG_DIFF_WEIGHTS;
    is_ready = join(&p->operands[k], is_image ? &plain.images : is_weights ? &plain.weights : &plain.outputs, wanted,
                    k == OPERANDS - 1);
  }
  dnnl_primitive_desc_destroy(chosen);
  return is_ready;
}

static void discard(plan *p) {
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  for (int k = 0; k < OPERANDS; k++) {
    operand *o = &p->operands[k];
    if (o->reorder) dnnl_primitive_destroy(o->reorder);
    if (o->plain) dnnl_memory_destroy(o->plain);
    if (o->blocked) dnnl_memory_destroy(o->blocked);
    free(o->buffer);
  }
  memset(p, 0, sizeof *p);
}

// The plan for a shape, made where there is none yet; the oldest gives way where there are too many.
static plan *find(enum kind kind, ptrdiff_t outputs, ptrdiff_t count, const soma_window *w) {
  for (int i = 0; i < plan_count; i++) {
    plan *p = &plans[i];
    if (p->kind == kind && p->outputs == outputs && p->count == count && !memcmp(&p->window, w, sizeof *w)) return p;
  }
  if (!start()) return 0;
  plan *p = &plans[next_plan];
  if (plan_count < PLANS) plan_count++;
  else discard(p);
  next_plan = (next_plan + 1) % PLANS;
  p->kind = kind;
  p->outputs = outputs;
  p->count = count;
  p->window = *w;
  p->is_ready = prepare(p);
  return p;
}

static int reorder(const operand *o, int is_result) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, is_result ? o->blocked : o->plain},
                                       {DNNL_ARG_TO, is_result ? o->plain : o->blocked}};
  return !dnnl_primitive_execute(o->reorder, stream, 2, arguments);
}

// Brings an operand to where the primitive wants it.
static int bring(plan *p, int k, const void *data, dnnl_exec_arg_t *given) {
  operand *o = &p->operands[k];
  if (dnnl_memory_set_data_handle(o->reorder ? o->plain : o->blocked, (void *)data)) return 0;
  *given = (dnnl_exec_arg_t){arguments[p->kind][k], o->blocked};
  return !o->reorder || k == OPERANDS - 1 || reorder(o, 0);
}
static int execute(plan *p, const dnnl_exec_arg_t *given) {
  operand *result = &p->operands[OPERANDS - 1];
  return !dnnl_primitive_execute(p->primitive, stream, OPERANDS, given) && (!result->reorder || reorder(result, 1));
}
static int run_once(enum kind kind, ptrdiff_t outputs, ptrdiff_t count, const soma_window *w, const float *first,
                    const float *second, float *result) {
  plan *p = find(kind, outputs, count, w);
  dnnl_exec_arg_t given[OPERANDS];
  return p && p->is_ready && bring(p, 0, first, given) && bring(p, 1, second, given + 1) &&
         bring(p, 2, result, given + 2) && execute(p, given);
}
// Image by image, with weights brought to their place once.
static int run_images(enum kind kind, ptrdiff_t outputs, ptrdiff_t count, const soma_window *w, const float *first,
                      ptrdiff_t first_size, const float *weights, float *result, ptrdiff_t result_size) {
  plan *p = find(kind, outputs, 1, w);
  dnnl_exec_arg_t given[OPERANDS];
  if (!p || !p->is_ready || !bring(p, 1, weights, given + 1)) return 0;
  for (ptrdiff_t i = 0; i < count; i++)
    if (!bring(p, 0, first + i * first_size, given) || !bring(p, 2, result + i * result_size, given + 2) ||
        !execute(p, given))
      return 0;
  return 1;
}

// Blocks hold 16 channels. Where few of them would be filled, a matrix product is faster (measured: docs/design.md).
static int pays(const soma_window *w) { return w->channels >= 8; }
static int pays_for_weights(const soma_window *w, ptrdiff_t outputs) {
  return w->channels == 1 || (w->channels % 16 == 0 && outputs % 16 == 0);
}

static ptrdiff_t image_size(const soma_window *w) { return w->channels * w->height * w->width; }
static ptrdiff_t places(const soma_window *w) { return w->output_height * w->output_width; }

int soma_blocked_convolve(const float *images, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                          const soma_window *w, float *output) {
  return pays(w) &&
         run_images(FORWARD, outputs, count, w, images, image_size(w), weights, output, outputs * places(w));
}
int soma_blocked_convolve_backward(const float *gradients, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                                   const soma_window *w, float *result) {
  return pays(w) &&
         run_images(BACKWARD, outputs, count, w, gradients, outputs * places(w), weights, result, image_size(w));
}
int soma_blocked_convolve_weights(const float *gradients, const float *images, ptrdiff_t count, ptrdiff_t outputs,
                                  const soma_window *w, float *result) {
  return pays_for_weights(w, outputs) && run_once(WEIGHTS, outputs, count, w, gradients, images, result);
}

#else  // Version 3 describes primitives by other calls; there the products do everything.

int soma_blocked_convolve(const float *images, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                          const soma_window *w, float *output) {
  return (void)images, (void)weights, (void)count, (void)outputs, (void)w, (void)output, 0;
}
int soma_blocked_convolve_backward(const float *gradients, const float *weights, ptrdiff_t count, ptrdiff_t outputs,
                                   const soma_window *w, float *result) {
  return (void)gradients, (void)weights, (void)count, (void)outputs, (void)w, (void)result, 0;
}
int soma_blocked_convolve_weights(const float *gradients, const float *images, ptrdiff_t count, ptrdiff_t outputs,
                                  const soma_window *w, float *result) {
  return (void)gradients, (void)images, (void)count, (void)outputs, (void)w, (void)result, 0;
}
#endif
