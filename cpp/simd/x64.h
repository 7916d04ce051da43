// What AVX2 and AVX-512 do with the same instructions, those of 128 bits.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

/// Sixteen pairs: a byte of `first` and one of `second` each.
static inline void storeBytePairs(uint16_t* p, const uint8_t* first, const uint8_t* second) {
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(first));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(second));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_unpacklo_epi8(a, b));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + 8), _mm_unpackhi_epi8(a, b));
}

/// The words at p[at[0]] to p[at[3]], for places of at least 0. Loaded one by one: the instruction that gathers takes
/// longer on AMD's CPUs, and on Intel's since their microcode keeps it from speculating. Places are read in twos, for a
/// core has more additions and shifts to spare than loads.
static inline __m128i fourWords(const uint16_t* p, const int32_t* at) {
  uint64_t places[2];
  std::memcpy(places, at, sizeof places);
  const auto word = [p](uint64_t place) {
    int32_t found;
    std::memcpy(&found, p + place, sizeof found);
    return found;
  };
  const auto lower = [](uint64_t two) { return two & 0xffffffffu; };
  __m128i words = _mm_cvtsi32_si128(word(lower(places[0])));
  words = _mm_insert_epi32(words, word(places[0] >> 32), 1);
  words = _mm_insert_epi32(words, word(lower(places[1])), 2);
  return _mm_insert_epi32(words, word(places[1] >> 32), 3);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
