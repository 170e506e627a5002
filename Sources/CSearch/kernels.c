#include "CSearch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

int csearch_kernel_available(csearch_kernel kernel) {
    switch (kernel) {
    case CSEARCH_KERNEL_PORTABLE:
        return 1;
#if HAS_X86
    case CSEARCH_KERNEL_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
    case CSEARCH_KERNEL_AVX512_VNNI:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("popcnt");
#endif
    default:
        return 0;
    }
}

csearch_kernel csearch_best_kernel(void) {
    if (csearch_kernel_available(CSEARCH_KERNEL_AVX512_VNNI)) return CSEARCH_KERNEL_AVX512_VNNI;
    if (csearch_kernel_available(CSEARCH_KERNEL_AVX2)) return CSEARCH_KERNEL_AVX2;
    return CSEARCH_KERNEL_PORTABLE;
}

// MARK: dot products

static void dot_portable(const int8_t *query, float query_scale, const int8_t *rows, const float *scales, size_t count,
                         size_t dimensions, float *out) {
    for (size_t i = 0; i < count; i++, rows += dimensions) {
        int32_t sum = 0;
        for (size_t j = 0; j < dimensions; j++) sum += (int32_t)query[j] * rows[j];
        out[i] = (float)sum * (scales[i] * query_scale);
    }
}

#if HAS_X86

__attribute__((target("avx2"))) static void dot_avx2(const int8_t *query, float query_scale, const int8_t *rows,
                                                     const float *scales, size_t count, size_t dimensions,
                                                     float *out) {
    for (size_t i = 0; i < count; i++, rows += dimensions) {
        __m256i sums = _mm256_setzero_si256();
        size_t j = 0;
        for (; j + 16 <= dimensions; j += 16) {
            __m256i q = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + j)));
            __m256i r = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(rows + j)));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(q, r));
        }
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
        int32_t sum = _mm_cvtsi128_si32(half);
        for (; j < dimensions; j++) sum += (int32_t)query[j] * rows[j];
        out[i] = (float)sum * (scales[i] * query_scale);
    }
}

// VNNI multiplies unsigned by signed bytes. The rows are made unsigned by adding 128 (flipping the top bit), which adds
// 128 * sum(query) to the product: a constant that is taken off again.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void dot_avx512_vnni(
    const int8_t *query, float query_scale, const int8_t *rows, const float *scales, size_t count, size_t dimensions,
    float *out) {
    int32_t query_sum = 0;
    for (size_t j = 0; j < dimensions; j++) query_sum += query[j];
    const int32_t offset = 128 * query_sum;
    const size_t whole = dimensions & ~(size_t)63;
    const __mmask64 rest = ((__mmask64)1 << (dimensions & 63)) - 1;
    const __m512i top = _mm512_set1_epi8((char)0x80);
    const __m512i query_rest = _mm512_maskz_loadu_epi8(rest, query + whole);
    for (size_t i = 0; i < count; i++, rows += dimensions) {
        __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
        size_t j = 0;
        for (; j + 128 <= whole; j += 128) {
            __m512i a = _mm512_xor_si512(_mm512_loadu_si512(rows + j), top);
            __m512i b = _mm512_xor_si512(_mm512_loadu_si512(rows + j + 64), top);
            even = _mm512_dpbusd_epi32(even, a, _mm512_loadu_si512(query + j));
            odd = _mm512_dpbusd_epi32(odd, b, _mm512_loadu_si512(query + j + 64));
        }
        if (j < whole) {
            __m512i a = _mm512_xor_si512(_mm512_loadu_si512(rows + j), top);
            even = _mm512_dpbusd_epi32(even, a, _mm512_loadu_si512(query + j));
        }
        if (rest) {
            __m512i a = _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, rows + whole), top);
            odd = _mm512_dpbusd_epi32(odd, a, query_rest);
        }
        int32_t sum = _mm512_reduce_add_epi32(_mm512_add_epi32(even, odd)) - offset;
        out[i] = (float)sum * (scales[i] * query_scale);
    }
}

#endif

void csearch_dot_int8(csearch_kernel kernel, const int8_t *query, float query_scale, const int8_t *rows,
                      const float *scales, size_t count, size_t dimensions, float *out) {
    switch (kernel) {
#if HAS_X86
    case CSEARCH_KERNEL_AVX512_VNNI:
        dot_avx512_vnni(query, query_scale, rows, scales, count, dimensions, out);
        return;
    case CSEARCH_KERNEL_AVX2:
        dot_avx2(query, query_scale, rows, scales, count, dimensions, out);
        return;
#endif
    default:
        dot_portable(query, query_scale, rows, scales, count, dimensions, out);
    }
}

// MARK: signatures

void csearch_signatures(const int8_t *rows, size_t count, size_t dimensions, uint64_t *out) {
    for (size_t i = 0; i < count; i++, rows += dimensions) {
        for (size_t j = 0; j < dimensions; j += 64) {
            size_t width = dimensions - j < 64 ? dimensions - j : 64;
            uint64_t word = 0;
            for (size_t k = 0; k < width; k++) word |= (uint64_t)(rows[j + k] < 0) << k;
            *out++ = word;
        }
    }
}

#define HAMMING_BODY                                                                                                   \
    if (words == 6) {                                                                                                  \
        for (size_t i = 0; i < count; i++, rows += 6) {                                                                \
            uint64_t sum = __builtin_popcountll(query[0] ^ rows[0]) + __builtin_popcountll(query[1] ^ rows[1])         \
                + __builtin_popcountll(query[2] ^ rows[2]) + __builtin_popcountll(query[3] ^ rows[3])                  \
                + __builtin_popcountll(query[4] ^ rows[4]) + __builtin_popcountll(query[5] ^ rows[5]);                 \
            out[i] = (uint16_t)sum;                                                                                    \
        }                                                                                                              \
        return;                                                                                                        \
    }                                                                                                                  \
    for (size_t i = 0; i < count; i++, rows += words) {                                                                \
        uint64_t sum = 0;                                                                                              \
        for (size_t j = 0; j < words; j++) sum += __builtin_popcountll(query[j] ^ rows[j]);                            \
        out[i] = sum > UINT16_MAX ? UINT16_MAX : (uint16_t)sum;                                                        \
    }

static void hamming_portable(const uint64_t *query, const uint64_t *rows, size_t count, size_t words, uint16_t *out) {
    HAMMING_BODY
}

#if HAS_X86
__attribute__((target("popcnt"))) static void hamming_popcnt(const uint64_t *query, const uint64_t *rows, size_t count,
                                                             size_t words, uint16_t *out) {
    HAMMING_BODY
}
#endif

void csearch_hamming(csearch_kernel kernel, const uint64_t *query, const uint64_t *rows, size_t count, size_t words,
                     uint16_t *out) {
#if HAS_X86
    if (kernel != CSEARCH_KERNEL_PORTABLE) {
        hamming_popcnt(query, rows, count, words, out);
        return;
    }
#endif
    hamming_portable(query, rows, count, words, out);
}
