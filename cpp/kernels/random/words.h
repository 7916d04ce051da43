// Vectors of unsigned 32-bit words, as far as Philox needs them.
#pragma once

#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

#if defined(CNNATIVE_ISA_AVX512)

struct Words {
  __m512i v;
};
static inline Words splatWords(uint32_t a) { return {_mm512_set1_epi32(static_cast<int>(a))}; }
static inline Words loadWords(const uint32_t* p) { return {_mm512_loadu_si512(p)}; }
static inline Words operator^(Words a, Words b) { return {_mm512_xor_si512(a.v, b.v)}; }
/// Both halves of the 64-bit products.
static CNNATIVE_INLINE void multiply(Words a, Words b, Words* high, Words* low) {
  const __m512i even = _mm512_mul_epu32(a.v, b.v), odd = _mm512_mul_epu32(_mm512_srli_epi64(a.v, 32), b.v);
  high->v = _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
  low->v = _mm512_mask_blend_epi32(0xAAAA, even, _mm512_slli_epi64(odd, 32));
}
/// The upper 24 bits, as whole numbers: exact.
static inline Vec upper(Words a) { return {_mm512_cvtepi32_ps(_mm512_srli_epi32(a.v, 8))}; }
static inline Vec squareRoot(Vec a) { return {_mm512_sqrt_ps(a.v)}; }

#elif defined(CNNATIVE_ISA_AVX2)

struct Words {
  __m256i v;
};
static inline Words splatWords(uint32_t a) { return {_mm256_set1_epi32(static_cast<int>(a))}; }
static inline Words loadWords(const uint32_t* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))}; }
static inline Words operator^(Words a, Words b) { return {_mm256_xor_si256(a.v, b.v)}; }
/// Both halves of the 64-bit products.
static CNNATIVE_INLINE void multiply(Words a, Words b, Words* high, Words* low) {
  const __m256i even = _mm256_mul_epu32(a.v, b.v), odd = _mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), b.v);
  high->v = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
  low->v = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
}
/// The upper 24 bits, as whole numbers: exact.
static inline Vec upper(Words a) { return {_mm256_cvtepi32_ps(_mm256_srli_epi32(a.v, 8))}; }
static inline Vec squareRoot(Vec a) { return {_mm256_sqrt_ps(a.v)}; }

#elif defined(CNNATIVE_ISA_NEON)

struct Words {
  uint32x4_t v;
};
static inline Words splatWords(uint32_t a) { return {vdupq_n_u32(a)}; }
static inline Words loadWords(const uint32_t* p) { return {vld1q_u32(p)}; }
static inline Words operator^(Words a, Words b) { return {veorq_u32(a.v, b.v)}; }
/// Both halves of the 64-bit products.
static CNNATIVE_INLINE void multiply(Words a, Words b, Words* high, Words* low) {
  const uint32x4_t first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a.v), vget_low_u32(b.v)));
  const uint32x4_t second = vreinterpretq_u32_u64(vmull_u32(vget_high_u32(a.v), vget_high_u32(b.v)));
  high->v = vuzp2q_u32(first, second);
  low->v = vuzp1q_u32(first, second);
}
/// The upper 24 bits, as whole numbers: exact.
static inline Vec upper(Words a) { return {vcvtq_f32_u32(vshrq_n_u32(a.v, 8))}; }
static inline Vec squareRoot(Vec a) { return {vsqrtq_f32(a.v)}; }

#endif

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
