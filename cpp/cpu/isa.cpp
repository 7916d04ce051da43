#include "cpu/isa.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace cnnative {

namespace {

#if defined(__x86_64__)

struct Leaf {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Leaf cpuid(uint32_t leaf, uint32_t subleaf) {
  Leaf r;
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

// The register state the operating system saves on a context switch. Without it a wide instruction faults.
uint64_t savedState() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
}

bool all(uint32_t word, std::initializer_list<int> bits) {
  for (int bit : bits) {
    if (!(word >> bit & 1)) return false;
  }
  return true;
}

std::vector<Isa> detect() {
  const Leaf one = cpuid(1, 0), seven = cpuid(7, 0), extended = cpuid(0x80000001u, 0);
  const bool osxsave = all(one.ecx, {27});
  const uint64_t saved = osxsave ? savedState() : 0;
  // What the compiler may use in kernels built for x86-64-v3: FMA, MOVBE, AVX, F16C; BMI1, AVX2, BMI2; LZCNT.
  const bool v3 =
      all(one.ecx, {12, 22, 28, 29}) && all(seven.ebx, {3, 5, 8}) && all(extended.ecx, {5}) && (saved & 0x6) == 0x6;
  // And for x86-64-v4: AVX512 F, DQ, CD, BW, VL, with opmask and upper registers saved.
  const bool v4 = v3 && all(seven.ebx, {16, 17, 28, 30, 31}) && (saved & 0xE6) == 0xE6;
  std::vector<Isa> list;
  if (v4) list.push_back(Isa::avx512);
  if (v3) list.push_back(Isa::avx2);
  list.push_back(Isa::scalar);
  return list;
}

#elif defined(__aarch64__)

std::vector<Isa> detect() { return {Isa::neon, Isa::scalar}; }  // NEON is part of the architecture

#else

std::vector<Isa> detect() { return {Isa::scalar}; }

#endif

}  // namespace

const char* isaName(Isa isa) {
  switch (isa) {
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
    case Isa::neon:
      return "neon";
    default:
      return "scalar";
  }
}

const std::vector<Isa>& availableIsas() {
  static const auto& list = *new std::vector<Isa>(detect());  // never destroyed: threads may outlive static objects
  return list;
}

std::optional<Isa> findIsa(const std::string& name) {
  for (Isa isa : availableIsas()) {
    if (name == isaName(isa)) return isa;
  }
  return std::nullopt;
}

}  // namespace cnnative
