#include "CSearch.h"
#include <string.h>

static const uint64_t P1 = 0x9E3779B185EBCA87ULL, P2 = 0xC2B2AE3D27D4EB4FULL, P3 = 0x165667B19E3779F9ULL,
                      P4 = 0x85EBCA77C2B2AE63ULL, P5 = 0x27D4EB2F165667C5ULL;

static inline uint64_t rotate(uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

static inline uint32_t load32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

static inline uint64_t stir(uint64_t lane, uint64_t input) { return rotate(lane + input * P2, 31) * P1; }

static inline uint64_t merge(uint64_t hash, uint64_t lane) { return (hash ^ stir(0, lane)) * P1 + P4; }

uint64_t csearch_hash(const void *start, size_t count) {
    const uint8_t *bytes = start, *end = bytes + count;
    uint64_t hash = P5;
    if (count >= 32) {
        uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;
        for (; end - bytes >= 32; bytes += 32) {
            a = stir(a, load64(bytes));
            b = stir(b, load64(bytes + 8));
            c = stir(c, load64(bytes + 16));
            d = stir(d, load64(bytes + 24));
        }
        hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
        hash = merge(merge(merge(merge(hash, a), b), c), d);
    }
    hash += count;
    for (; end - bytes >= 8; bytes += 8) hash = rotate(hash ^ stir(0, load64(bytes)), 27) * P1 + P4;
    if (end - bytes >= 4) {
        hash = rotate(hash ^ (load32(bytes) * P1), 23) * P2 + P3;
        bytes += 4;
    }
    for (; bytes < end; bytes++) hash = rotate(hash ^ (*bytes * P5), 11) * P1;
    hash = (hash ^ (hash >> 33)) * P2;
    hash = (hash ^ (hash >> 29)) * P3;
    return hash ^ (hash >> 32);
}
