#include "binding/random_order.h"

#include <cstdint>
#include <utility>

#include "binding/arguments.h"
#include "kernels/random/philox.h"

namespace cnnative {

namespace {

/// The numbers of a stream, one after another, as lib/util/philox.ts draws them.
class Philox {
 public:
  Philox(const ArrayView& key, const ArrayView& stream)
      : key0_(wordOf(key, 0)), key1_(wordOf(key, 1)), stream0_(wordOf(stream, 0)), stream1_(wordOf(stream, 1)) {}

  /// From 0 to n - 1, each alike: words past the last whole multiple of n would favour small remainders.
  uint32_t below(uint64_t n) {
    constexpr uint64_t kWords = uint64_t(1) << 32;
    const uint64_t limit = kWords - kWords % n;
    uint64_t word = next();
    while (word >= limit) word = next();
    return static_cast<uint32_t>(word % n);
  }

 private:
  static uint32_t wordOf(const ArrayView& words, int i) {
    return static_cast<uint32_t>(static_cast<const int32_t*>(words.data)[i]);
  }

  uint32_t next() {
    if (used_ == 4) {
      words_ = {static_cast<uint32_t>(block_), static_cast<uint32_t>(block_ >> 32), stream0_, stream1_, key0_, key1_};
      block_++, used_ = 0;
    }
    return words_.word[used_++];
  }

  uint32_t key0_, key1_, stream0_, stream1_;
  uint64_t block_ = 0;
  int used_ = 4;
  scalar::PhiloxWords words_{0, 0, 0, 0, 0, 0};
};

ArrayView integersIn(const Napi::Value& value, const char* name, int64_t fewest) {
  const ArrayView view = typedArrayOf(value, name);
  if (view.element != Element::int32 || view.elements < fewest) throwType(value.Env(), name, "an Int32Array");
  return view;
}

Philox philoxOf(const Napi::Value& key, const Napi::Value& stream) {
  return {integersIn(key, "key", 2), integersIn(stream, "stream", 2)};
}

}  // namespace

void shuffle(const Napi::CallbackInfo& info) {
  const ArrayView view = integersIn(info[0], "values", 0);
  Philox random = philoxOf(info[1], info[2]);
  auto* const values = static_cast<int32_t*>(const_cast<void*>(view.data));
  // Fisher-Yates.
  for (int64_t last = view.elements - 1; last > 0; last--) {
    std::swap(values[last], values[random.below(static_cast<uint64_t>(last) + 1)]);
  }
}

void drawIntegers(const Napi::CallbackInfo& info) {
  const ArrayView view = integersIn(info[0], "into", 0);
  const int64_t n = integerOf(info[1], "n");
  if (n < 1 || n > INT32_MAX) throwType(info.Env(), "n", "an integer from 1 to 2^31 - 1");
  Philox random = philoxOf(info[2], info[3]);
  auto* const into = static_cast<int32_t*>(const_cast<void*>(view.data));
  for (int64_t i = 0; i < view.elements; i++) into[i] = static_cast<int32_t>(random.below(static_cast<uint64_t>(n)));
}

}  // namespace cnnative
