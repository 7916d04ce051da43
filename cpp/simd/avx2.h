// AVX2 with FMA: 8 floats.
#pragma once

#include <immintrin.h>

#include "simd/x64.h"

namespace cnnative::avx2 {

static constexpr int kWidth = 8;
static constexpr int kRegisters = 16;

struct Vec {
  __m256 v;
};
struct Mask {
  __m256 m;
};

static inline Vec load(const float* p) { return {_mm256_loadu_ps(p)}; }
/// The same, kept in a register: GCC would rather read it from memory again for each of its uses.
static inline Vec pinned(Vec a) {
#if defined(__GNUC__)
  __asm__("" : "+x"(a.v));
#endif
  return a;
}
static inline void store(float* p, Vec a) { _mm256_storeu_ps(p, a.v); }
static inline Vec splat(float x) { return {_mm256_set1_ps(x)}; }
static inline Vec zero() { return {_mm256_setzero_ps()}; }
static inline Vec loadBytes(const uint8_t* p) {
  return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))))};
}

static inline Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
static inline Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
static inline Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
static inline Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
/// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
/// The larger of the two; b where either is NaN.
static inline Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
/// The smaller of the two; b where either is NaN.
static inline Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
static inline Vec sqrt(Vec a) { return {_mm256_sqrt_ps(a.v)}; }
static inline Vec abs(Vec a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
/// |a| with the sign of `sign`.
static inline Vec copySign(Vec a, Vec sign) {
  const __m256 bit = _mm256_set1_ps(-0.0f);
  return {_mm256_or_ps(_mm256_andnot_ps(bit, a.v), _mm256_and_ps(bit, sign.v))};
}

static inline Mask greater(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
static inline Mask equal(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }
static inline Mask isNan(Vec a) { return {_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q)}; }
static inline Mask operator|(Mask a, Mask b) { return {_mm256_or_ps(a.m, b.m)}; }
static inline Mask andNot(Mask a, Mask b) { return {_mm256_andnot_ps(b.m, a.m)}; }
static inline Mask noLane() { return {_mm256_setzero_ps()}; }
static inline Vec select(Mask m, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, m.m)}; }

/// Nearest integer, ties to even.
static inline Vec round(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
/// 2^n for integer-valued n in -126..127.
static inline Vec powerOfTwo(Vec n) {
  const __m256i i = _mm256_cvtps_epi32(n.v);
  return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(i, _mm256_set1_epi32(127)), 23))};
}
/// a * 2^n for integer-valued n in -252..254: in two factors.
static inline Vec timesPowerOfTwo(Vec a, Vec n) {
  const Vec half = round(n * splat(0.5f));
  return a * powerOfTwo(half) * powerOfTwo(n - half);
}
/// Splits a positive normal number: a = mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)).
static inline void splitExponent(Vec a, Vec* mantissa, Vec* exponent) {
  const __m256i bits = _mm256_castps_si256(a.v);
  const __m256i shifted = _mm256_sub_epi32(bits, _mm256_set1_epi32(0x3F3504F3));
  const __m256i e = _mm256_srai_epi32(shifted, 23);
  exponent->v = _mm256_cvtepi32_ps(e);
  mantissa->v = _mm256_castsi256_ps(_mm256_sub_epi32(bits, _mm256_slli_epi32(e, 23)));
}

static inline Vec floor(Vec a) { return {_mm256_floor_ps(a.v)}; }
/// p[i], for integer-valued i from 0 to below 2^24.
static inline Vec gather(const float* p, Vec i) { return {_mm256_i32gather_ps(p, _mm256_cvttps_epi32(i.v), 4)}; }
/// Integer-valued numbers as integers.
static inline void storeIntegers(int32_t* p, Vec a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_cvttps_epi32(a.v));
}
/// The first, second, third and fourth byte of the words at p[at[i]], for places of at least 0.
static inline void gatherFourBytes(const uint16_t* p, const int32_t* at, Vec (&bytes)[4]) {
  const __m256i word = _mm256_inserti128_si256(_mm256_castsi128_si256(fourWords(p, at)), fourWords(p, at + 4), 1);
  const __m256i low = _mm256_set1_epi32(255);
  bytes[0].v = _mm256_cvtepi32_ps(_mm256_and_si256(word, low));
  bytes[1].v = _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(word, 8), low));
  bytes[2].v = _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_srli_epi32(word, 16), low));
  bytes[3].v = _mm256_cvtepi32_ps(_mm256_srli_epi32(word, 24));
}

/// Sum of the lanes by a fixed tree.
static inline float sum(Vec a) {
  const __m128 q = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  const __m128 d = _mm_add_ps(q, _mm_movehl_ps(q, q));
  return _mm_cvtss_f32(_mm_add_ss(d, _mm_shuffle_ps(d, d, 1)));
}

/// Transposes an 8 x 8 block held in 8 vectors.
static CNNATIVE_INLINE void transpose(Vec* r) {
  __m256 t[8], u[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(r[i].v, r[i + 1].v);
    t[i + 1] = _mm256_unpackhi_ps(r[i].v, r[i + 1].v);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    u[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
    u[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xEE);
    u[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    u[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xEE);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    r[i].v = _mm256_permute2f128_ps(u[i], u[i + 4], 0x20);
    r[i + 4].v = _mm256_permute2f128_ps(u[i], u[i + 4], 0x31);
  }
}

}  // namespace cnnative::avx2
