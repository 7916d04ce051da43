// The words of one counter, for whoever draws few: layers draw many at once in random.cpp.
#pragma once

#include <cstdint>

namespace cnnative::scalar {

/// As `philox4x32` of lib/util/philox.ts.
struct PhiloxWords {
  uint32_t word[4];

  PhiloxWords(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t key0, uint32_t key1) : word{c0, c1, c2, c3} {
    for (int round = 0; round < 10; round++) {
      const uint64_t a = uint64_t(0xD2511F53u) * word[0], b = uint64_t(0xCD9E8D57u) * word[2];
      const uint32_t word0 = static_cast<uint32_t>(b >> 32) ^ word[1] ^ key0;
      const uint32_t word2 = static_cast<uint32_t>(a >> 32) ^ word[3] ^ key1;
      word[0] = word0, word[1] = static_cast<uint32_t>(b), word[2] = word2, word[3] = static_cast<uint32_t>(a);
      key0 += 0x9E3779B9u, key1 += 0xBB67AE85u;
    }
  }

  uint32_t upper(int i) const { return word[i] >> 8; }
};

}  // namespace cnnative::scalar
