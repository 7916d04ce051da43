// NEON (AArch64): 4 floats.
#pragma once

#include <arm_neon.h>

#include <cstring>

namespace cnnative::neon {

static constexpr int kWidth = 4;
static constexpr int kRegisters = 32;

struct Vec {
  float32x4_t v;
};
struct Mask {
  uint32x4_t m;
};

static inline Vec load(const float* p) { return {vld1q_f32(p)}; }
/// The same, kept in a register: GCC would rather read it from memory again for each of its uses.
static inline Vec pinned(Vec a) {
#if defined(__GNUC__)
  __asm__("" : "+w"(a.v));
#endif
  return a;
}
static inline void store(float* p, Vec a) { vst1q_f32(p, a.v); }
static inline Vec splat(float x) { return {vdupq_n_f32(x)}; }
static inline Vec zero() { return {vdupq_n_f32(0.0f)}; }
static inline Vec loadBytes(const uint8_t* p) {
  const uint32x4_t bytes = {p[0], p[1], p[2], p[3]};
  return {vcvtq_f32_u32(bytes)};
}

static inline Vec operator+(Vec a, Vec b) { return {vaddq_f32(a.v, b.v)}; }
static inline Vec operator-(Vec a, Vec b) { return {vsubq_f32(a.v, b.v)}; }
static inline Vec operator*(Vec a, Vec b) { return {vmulq_f32(a.v, b.v)}; }
static inline Vec operator/(Vec a, Vec b) { return {vdivq_f32(a.v, b.v)}; }
/// a * b + c, rounded once.
static inline Vec fma(Vec a, Vec b, Vec c) { return {vfmaq_f32(c.v, a.v, b.v)}; }
static inline Mask greater(Vec a, Vec b) { return {vcgtq_f32(a.v, b.v)}; }
static inline Vec select(Mask m, Vec yes, Vec no) { return {vbslq_f32(m.m, yes.v, no.v)}; }
/// The larger of the two; b where either is NaN (vmaxq would give NaN for either).
static inline Vec max(Vec a, Vec b) { return select(greater(a, b), a, b); }
/// The smaller of the two; b where either is NaN.
static inline Vec min(Vec a, Vec b) { return select(greater(b, a), a, b); }
static inline Vec sqrt(Vec a) { return {vsqrtq_f32(a.v)}; }
static inline Vec abs(Vec a) { return {vabsq_f32(a.v)}; }
/// |a| with the sign of `sign`.
static inline Vec copySign(Vec a, Vec sign) { return {vbslq_f32(vdupq_n_u32(0x80000000u), sign.v, a.v)}; }

static inline Mask equal(Vec a, Vec b) { return {vceqq_f32(a.v, b.v)}; }
static inline Mask isNan(Vec a) { return {vmvnq_u32(vceqq_f32(a.v, a.v))}; }
static inline Mask operator|(Mask a, Mask b) { return {vorrq_u32(a.m, b.m)}; }
static inline Mask andNot(Mask a, Mask b) { return {vbicq_u32(a.m, b.m)}; }
static inline Mask noLane() { return {vdupq_n_u32(0)}; }

/// Nearest integer, ties to even.
static inline Vec round(Vec a) { return {vrndnq_f32(a.v)}; }
/// 2^n for integer-valued n in -126..127.
static inline Vec powerOfTwo(Vec n) {
  const int32x4_t i = vcvtnq_s32_f32(n.v);
  return {vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(i, vdupq_n_s32(127)), 23))};
}
/// a * 2^n for integer-valued n in -252..254: in two factors.
static inline Vec timesPowerOfTwo(Vec a, Vec n) {
  const Vec half = round(n * splat(0.5f));
  return a * powerOfTwo(half) * powerOfTwo(n - half);
}
/// Splits a positive normal number: a = mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)).
static inline void splitExponent(Vec a, Vec* mantissa, Vec* exponent) {
  const int32x4_t bits = vreinterpretq_s32_f32(a.v);
  const int32x4_t e = vshrq_n_s32(vsubq_s32(bits, vdupq_n_s32(0x3F3504F3)), 23);
  exponent->v = vcvtq_f32_s32(e);
  mantissa->v = vreinterpretq_f32_s32(vsubq_s32(bits, vshlq_n_s32(e, 23)));
}

static inline Vec floor(Vec a) { return {vrndmq_f32(a.v)}; }
/// p[i], for integer-valued i from 0 to below 2^24.
static inline Vec gather(const float* p, Vec i) {
  int32_t at[4];
  vst1q_s32(at, vcvtq_s32_f32(i.v));
  const float lanes[4] = {p[at[0]], p[at[1]], p[at[2]], p[at[3]]};
  return {vld1q_f32(lanes)};
}
/// Sixteen pairs: a byte of `first` and one of `second` each.
static inline void storeBytePairs(uint16_t* p, const uint8_t* first, const uint8_t* second) {
  vst2q_u8(reinterpret_cast<uint8_t*>(p), {{vld1q_u8(first), vld1q_u8(second)}});
}
/// Integer-valued numbers as integers.
static inline void storeIntegers(int32_t* p, Vec a) { vst1q_s32(p, vcvtq_s32_f32(a.v)); }
/// The first, second, third and fourth byte of the words at p[at[i]], for places of at least 0.
static inline void gatherFourBytes(const uint16_t* p, const int32_t* at, Vec (&bytes)[4]) {
  uint32_t words[kWidth];
  for (int i = 0; i < kWidth; i++) std::memcpy(words + i, p + at[i], sizeof *words);
  const uint32x4_t word = vld1q_u32(words), low = vdupq_n_u32(255);
  bytes[0].v = vcvtq_f32_u32(vandq_u32(word, low));
  bytes[1].v = vcvtq_f32_u32(vandq_u32(vshrq_n_u32(word, 8), low));
  bytes[2].v = vcvtq_f32_u32(vandq_u32(vshrq_n_u32(word, 16), low));
  bytes[3].v = vcvtq_f32_u32(vshrq_n_u32(word, 24));
}

/// Sum of the lanes by a fixed tree.
static inline float sum(Vec a) {
  const float32x2_t d = vadd_f32(vget_low_f32(a.v), vget_high_f32(a.v));
  return vget_lane_f32(d, 0) + vget_lane_f32(d, 1);
}

/// Transposes a 4 x 4 block held in 4 vectors.
static CNNATIVE_INLINE void transpose(Vec* r) {
  const float32x4x2_t t = vtrnq_f32(r[0].v, r[1].v), u = vtrnq_f32(r[2].v, r[3].v);
  r[0].v = vcombine_f32(vget_low_f32(t.val[0]), vget_low_f32(u.val[0]));
  r[1].v = vcombine_f32(vget_low_f32(t.val[1]), vget_low_f32(u.val[1]));
  r[2].v = vcombine_f32(vget_high_f32(t.val[0]), vget_high_f32(u.val[0]));
  r[3].v = vcombine_f32(vget_high_f32(t.val[1]), vget_high_f32(u.val[1]));
}

}  // namespace cnnative::neon
