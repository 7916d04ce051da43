// What layers draw while training. The numbers of a step belong to its number, so a gradient draws them again.
#include <algorithm>
#include <cmath>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// Seed and stream of a call.
class Random {
 public:
  explicit Random(const CallSpec& s) {
    const auto word = [&](const char* name) { return static_cast<uint32_t>(s.integer(name, 0, 0xFFFFFFFF)); };
    key0_ = word("key0"), key1_ = word("key1"), stream_ = word("stream");
  }

  RandomPlace at(const Step& step, int64_t group) const {
    // Numbers repeat after 2^32 steps.
    return {key0_, key1_, static_cast<uint32_t>(step.index), stream_, static_cast<uint32_t>(group * kLanes)};
  }

 private:
  uint32_t key0_, key1_, stream_;
};

constexpr int64_t drawsOf(int64_t units) { return (units + kDraws - 1) / kDraws; }

/// y = x / (1 - share) in units that are kept, 0 in the share that is not; of a unit all its pixels. y may be x.
template <class T>
class Dropout : public PartedCall {
 public:
  explicit Dropout(const CallSpec& s, const char* to = "y", const char* from = "x")
      : kernels_(s.kernels<T>().random), random_(s) {
    units_ = s.integer("units", 1), pixels_ = s.integer("pixels", 1);
    const double share = s.number("share");
    if (!(share >= 0 && share < 1)) s.fail("expected a share from 0 to below 1, received " + std::to_string(share));
    threshold_ = static_cast<uint32_t>(std::floor(share * 0x1p24 + 0.5));
    scale_ = static_cast<T>(1 / (1 - share));
    const int64_t elements = s.product({units_, pixels_, kLanes});
    y_ = s.sample<T>(to, elements), x_ = s.sample<T>(from, elements);
  }

  int64_t parts() const noexcept override { return drawsOf(units_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.dropout(y_.at<T>(step, group), x_.at<T>(step, group), random_.at(step, group), first * kDraws,
                     std::min(last * kDraws, units_), pixels_, threshold_, scale_);
  }

 private:
  const RandomKernels<T>& kernels_;
  Random random_;
  int64_t units_, pixels_;
  uint32_t threshold_;
  T scale_;
  Operand y_, x_;
};

/// The same with dx and dy.
template <class T>
class DropoutGradient : public Dropout<T> {
 public:
  explicit DropoutGradient(const CallSpec& s) : Dropout<T>(s, "dx", "dy") {}
};

/// y = x + deviation * z, z normally distributed. y may be x.
template <class T>
class GaussianNoise : public PartedCall {
 public:
  explicit GaussianNoise(const CallSpec& s) : kernels_(s.kernels<T>().random), random_(s) {
    units_ = s.integer("units", 1);
    deviation_ = static_cast<T>(s.number("deviation"));
    const int64_t elements = s.product({units_, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
  }

  int64_t parts() const noexcept override { return drawsOf(units_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.gaussianNoise(y_.at<T>(step, group), x_.at<T>(step, group), random_.at(step, group), first * kDraws,
                           std::min(last * kDraws, units_), deviation_);
  }

 private:
  const RandomKernels<T>& kernels_;
  Random random_;
  int64_t units_;
  T deviation_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories dropout = CNNATIVE_FACTORIES(Dropout);
const OperatorFactories dropoutGradient = CNNATIVE_FACTORIES(DropoutGradient);
const OperatorFactories gaussianNoise = CNNATIVE_FACTORIES(GaussianNoise);

}  // namespace cnnative
