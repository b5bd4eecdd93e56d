// A pool of threads that lives as long as the program. Workers wait on a condition after a short spin.
//
// One job at a time: whoever finds the pool busy, a nested call above all, does its work alone. Workers take pieces
// from a counter; who takes which piece cannot matter, as pieces write apart from each other. A job asks for a number
// of seats; a worker that comes after they are taken, or after the job has ended, goes back to sleep.
#include "Kernels.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_once_t registered = PTHREAD_ONCE_INIT;
static atomic_int is_taken;
static atomic_long generation, next_piece, busy;
static long seats;         // under the lock
static ptrdiff_t workers;  // of whoever has taken the pool
static void (*job)(void *, ptrdiff_t);
static void *job_context;
static ptrdiff_t job_count;

static inline void rest(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void take_pieces(void) {
  for (;;) {
    const ptrdiff_t piece = atomic_fetch_add(&next_piece, 1);
    if (piece >= job_count) return;
    job(job_context, piece);
  }
}

static void *work(void *argument) {
  long seen = (long)(intptr_t)argument;
  for (;;) {
    for (int i = 0; i < 2000 && atomic_load(&generation) == seen; i++) rest();
    pthread_mutex_lock(&lock);
    while (atomic_load(&generation) == seen) pthread_cond_wait(&wake, &lock);
    seen = atomic_load(&generation);
    const int joins = seats > 0;
    if (joins) {
      seats--;
      atomic_fetch_add(&busy, 1);
    }
    pthread_mutex_unlock(&lock);
    if (!joins) continue;
    take_pieces();
    atomic_fetch_sub(&busy, 1);
  }
  return 0;
}

// A child has no threads but the one that forked: it starts with an empty pool and fresh locks.
static void after_fork(void) {
  pthread_mutex_init(&lock, 0);
  pthread_cond_init(&wake, 0);
  atomic_store(&is_taken, 0);
  atomic_store(&busy, 0);
  seats = 0;
  workers = 0;
}
static void register_fork(void) { pthread_atfork(0, 0, after_fork); }

// Workers take no signals, so that ^C reaches the thread that reads the keyboard.
static void add_workers(ptrdiff_t wanted) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (workers < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, (void *)(intptr_t)atomic_load(&generation))) break;
    pthread_detach(thread);
    workers++;
  }
  pthread_sigmask(SIG_SETMASK, &before, 0);
}

void soma_parallel(ptrdiff_t count, ptrdiff_t threads, void (*body)(void *, ptrdiff_t), void *context) {
  int is_free = 0;
  if (threads <= 1 || count <= 1 || !atomic_compare_exchange_strong(&is_taken, &is_free, 1)) {
    for (ptrdiff_t i = 0; i < count; i++) body(context, i);
    return;
  }
  pthread_once(&registered, register_fork);
  if (threads > count) threads = count;
  pthread_mutex_lock(&lock);
  add_workers(threads - 1);
  job = body;
  job_context = context;
  job_count = count;
  atomic_store(&next_piece, 0);
  seats = threads - 1;
  atomic_fetch_add(&generation, 1);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);

  take_pieces();
  pthread_mutex_lock(&lock);
  seats = 0;  // who has not come by now need not
  pthread_mutex_unlock(&lock);
  for (long turns = 0; atomic_load(&busy) > 0; turns++) {
    if (turns < 20000) rest();
    else sched_yield();  // a worker was put aside by the system: leave it the core
  }
  atomic_store(&is_taken, 0);
}
