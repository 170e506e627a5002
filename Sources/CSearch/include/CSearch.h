#ifndef CSEARCH_H
#define CSEARCH_H

#include <stddef.h>
#include <stdint.h>

/// The inner loops of search. All of them are pure: they read the memory they are given and write `out`.
///
/// Every kernel computes the same integers, so results don't depend on the machine. The widest one that this
/// processor has is chosen at run time; a test may name another.
typedef enum {
    CSEARCH_KERNEL_PORTABLE = 0,
    CSEARCH_KERNEL_AVX2 = 1,
    CSEARCH_KERNEL_AVX512_VNNI = 2,
} csearch_kernel;

/// 1 when this processor can run the kernel.
int csearch_kernel_available(csearch_kernel kernel);

/// The fastest kernel of this processor.
csearch_kernel csearch_best_kernel(void);

/// out[i] = scales[i] * query_scale * dot(query, rows[i]), for `count` rows of `dimensions` bytes each, without gaps.
/// Values lie in -127...127, so the integer sum is exact up to 130,000 dimensions.
void csearch_dot_int8(csearch_kernel kernel, const int8_t *query, float query_scale, const int8_t *rows,
                      const float *scales, size_t count, size_t dimensions, float *out);

/// The sign bits of `count` rows: bit j of a row's signature is set when its value j is negative.
/// A signature has (dimensions + 63) / 64 words.
void csearch_signatures(const int8_t *rows, size_t count, size_t dimensions, uint64_t *out);

/// out[i] = the number of bits in which the query's signature and row i's differ (saturating at 65,535).
void csearch_hamming(csearch_kernel kernel, const uint64_t *query, const uint64_t *rows, size_t count, size_t words,
                     uint16_t *out);

/// XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), the checksum of segments and
/// the identity of terms.
uint64_t csearch_hash(const void *bytes, size_t count);

/// Asks the processor to fetch the cache line at `address`; never faults.
static inline void csearch_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// The same for a whole range.
static inline void csearch_prefetch_range(const void *address, size_t count) {
    for (size_t offset = 0; offset < count; offset += 64) __builtin_prefetch((const char *)address + offset, 0, 3);
}

#endif
