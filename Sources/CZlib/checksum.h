/// The checksum of gzip (CRC-32), several times as fast as zlib's where the processor can multiply without carries.
/// It takes what zlib's `crc32_z` takes, and gives the same.
///
/// Source: Gopal and others, Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction, Intel 2009,
/// from which the constants are: powers of x modulo the polynomial, bits reflected.

#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#if defined(__x86_64__)

#include <immintrin.h>

/// Moves 128 bits forward by the distance that `powers` stand for, onto `next`.
__attribute__((target("pclmul,sse4.1")))
static inline __m128i checksum_fold(__m128i sum, __m128i powers, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(sum, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(sum, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/// The state behind some bytes, 64 or more and a multiple of 16. States are inverted checksums.
__attribute__((target("pclmul,sse4.1")))
static inline uint32_t checksum_state(uint32_t state, const uint8_t *bytes, size_t count) {
    const __m128i over64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i over16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i over8 = _mm_set_epi64x(0, 0x0163cd6124);
    const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    const __m128i evenWords = _mm_set_epi32(0, -1, 0, -1);
    const __m128i *next = (const __m128i *)bytes;
    const __m128i *end = next + count / 16;

    // Four sums side by side, each over every fourth 16 bytes.
    __m128i a = _mm_xor_si128(_mm_loadu_si128(next), _mm_cvtsi32_si128((int)state));
    __m128i b = _mm_loadu_si128(next + 1);
    __m128i c = _mm_loadu_si128(next + 2);
    __m128i d = _mm_loadu_si128(next + 3);
    for (next += 4; end - next >= 4; next += 4) {
        a = checksum_fold(a, over64, _mm_loadu_si128(next));
        b = checksum_fold(b, over64, _mm_loadu_si128(next + 1));
        c = checksum_fold(c, over64, _mm_loadu_si128(next + 2));
        d = checksum_fold(d, over64, _mm_loadu_si128(next + 3));
    }
    a = checksum_fold(checksum_fold(checksum_fold(a, over16, b), over16, c), over16, d);
    for (; next < end; next++) a = checksum_fold(a, over16, _mm_loadu_si128(next));

    // From 128 bits to 96 and 64, and then the remainder by Barrett's way.
    a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, over16, 0x10));
    a = _mm_xor_si128(
        _mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, evenWords), over8, 0x00));
    __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, evenWords), barrett, 0x10);
    quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, evenWords), barrett, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(a, quotient), 1);
}

#endif

/// The checksum of bytes whose beginning has the checksum `sum`, 0 where there is none.
static inline uint32_t gzip_checksum(uint32_t sum, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (count >= 64 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
        size_t whole = count & ~(size_t)15;
        sum = ~checksum_state(~sum, bytes, whole);
        bytes += whole;
        count -= whole;
    }
#endif
    return (uint32_t)crc32_z(sum, bytes, count);
}

#endif
