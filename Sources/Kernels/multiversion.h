#pragma once
// One function, compiled for three generations of x86; elsewhere the compiler's default.
// Contraction of a·b + c is off in every file, so that all versions, and plain Swift, give the same bits.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSION
#endif
