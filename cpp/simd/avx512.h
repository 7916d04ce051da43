// AVX-512 (F, BW, CD, DQ, VL): 16 floats.
#pragma once

// gcc 12's own header passes an undefined register where every lane is written; the warning lands at the inlined call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#include "simd/x64.h"

namespace cnnative::avx512 {

static constexpr int kWidth = 16;
static constexpr int kRegisters = 32;

struct Vec {
  __m512 v;
};
struct Mask {
  __mmask16 m;
};

static inline Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
/// The same, kept in a register: GCC would rather read it from memory again for each of its uses.
static inline Vec pinned(Vec a) {
#if defined(__GNUC__)
  __asm__("" : "+v"(a.v));
#endif
  return a;
}
static inline void store(float* p, Vec a) { _mm512_storeu_ps(p, a.v); }
static inline Vec splat(float x) { return {_mm512_set1_ps(x)}; }
static inline Vec zero() { return {_mm512_setzero_ps()}; }
static inline Vec loadBytes(const uint8_t* p) {
  return {_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))))};
}

static inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
static inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
static inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
static inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
/// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
/// The larger of the two; b where either is NaN.
static inline Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
/// The smaller of the two; b where either is NaN.
static inline Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
static inline Vec sqrt(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
static inline Vec abs(Vec a) { return {_mm512_abs_ps(a.v)}; }
/// |a| with the sign of `sign`.
static inline Vec copySign(Vec a, Vec sign) {
  const __m512i bit = _mm512_set1_epi32(int(0x80000000u));
  return {
      _mm512_castsi512_ps(_mm512_ternarylogic_epi32(bit, _mm512_castps_si512(sign.v), _mm512_castps_si512(a.v), 0xCA))};
}

static inline Mask greater(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ)}; }
static inline Mask equal(Vec a, Vec b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
static inline Mask isNan(Vec a) { return {_mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q)}; }
static inline Mask operator|(Mask a, Mask b) { return {static_cast<__mmask16>(a.m | b.m)}; }
static inline Mask andNot(Mask a, Mask b) { return {static_cast<__mmask16>(a.m & ~b.m)}; }
static inline Mask noLane() { return {0}; }
static inline Vec select(Mask m, Vec yes, Vec no) { return {_mm512_mask_blend_ps(m.m, no.v, yes.v)}; }

/// Nearest integer, ties to even.
static inline Vec round(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
/// 2^n for integer-valued n in -126..127.
static inline Vec powerOfTwo(Vec n) {
  const __m512i i = _mm512_cvtps_epi32(n.v);
  return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(i, _mm512_set1_epi32(127)), 23))};
}
/// a * 2^n for integer-valued n.
static inline Vec timesPowerOfTwo(Vec a, Vec n) { return {_mm512_scalef_ps(a.v, n.v)}; }
/// Splits a positive normal number: a = mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)).
static inline void splitExponent(Vec a, Vec* mantissa, Vec* exponent) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i shifted = _mm512_sub_epi32(bits, _mm512_set1_epi32(0x3F3504F3));
  const __m512i e = _mm512_srai_epi32(shifted, 23);
  exponent->v = _mm512_cvtepi32_ps(e);
  mantissa->v = _mm512_castsi512_ps(_mm512_sub_epi32(bits, _mm512_slli_epi32(e, 23)));
}

static inline Vec floor(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)}; }
/// p[i], for integer-valued i from 0 to below 2^24.
static inline Vec gather(const float* p, Vec i) { return {_mm512_i32gather_ps(_mm512_cvttps_epi32(i.v), p, 4)}; }
/// Integer-valued numbers as integers.
static inline void storeIntegers(int32_t* p, Vec a) { _mm512_storeu_si512(p, _mm512_cvttps_epi32(a.v)); }
/// The first, second, third and fourth byte of the words at p[at[i]], for places of at least 0.
static inline void gatherFourBytes(const uint16_t* p, const int32_t* at, Vec (&bytes)[4]) {
  const auto eightWords = [p](const int32_t* eight) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(fourWords(p, eight)), fourWords(p, eight + 4), 1);
  };
  const __m512i word = _mm512_inserti64x4(_mm512_castsi256_si512(eightWords(at)), eightWords(at + 8), 1);
  const __m512i low = _mm512_set1_epi32(255);
  bytes[0].v = _mm512_cvtepi32_ps(_mm512_and_si512(word, low));
  bytes[1].v = _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(word, 8), low));
  bytes[2].v = _mm512_cvtepi32_ps(_mm512_and_si512(_mm512_srli_epi32(word, 16), low));
  bytes[3].v = _mm512_cvtepi32_ps(_mm512_srli_epi32(word, 24));
}

/// Sum of the lanes by a fixed tree.
static inline float sum(Vec a) {
  const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  const __m128 q = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
  const __m128 d = _mm_add_ps(q, _mm_movehl_ps(q, q));
  return _mm_cvtss_f32(_mm_add_ss(d, _mm_shuffle_ps(d, d, 1)));
}

/// Transposes a 16 x 16 block held in 16 vectors.
static CNNATIVE_INLINE void transpose(Vec* r) {
  __m512 t[16], u[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i].v, r[i + 1].v);
    t[i + 1] = _mm512_unpackhi_ps(r[i].v, r[i + 1].v);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; i += 4) {
    u[i] = _mm512_shuffle_ps(t[i], t[i + 2], 0x44);
    u[i + 1] = _mm512_shuffle_ps(t[i], t[i + 2], 0xEE);
    u[i + 2] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    u[i + 3] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0xEE);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_f32x4(u[i], u[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_f32x4(u[i], u[i + 4], 0xDD);
    t[i + 8] = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0xDD);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    r[i].v = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
    r[i + 8].v = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xDD);
    r[i + 4].v = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12].v = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xDD);
  }
}

}  // namespace cnnative::avx512
