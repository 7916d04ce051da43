// Prelu: a relu with a trained slope[C] below zero.
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Prelu : public PartedCall {
 public:
  explicit Prelu(const CallSpec& s) : kernels_(s.kernels<T>().prelu) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
    slope_ = s.shared<T>("slope", channels_);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.forward(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from, slope_.at<T>(step) + first,
                     last - first, pixels_);
  }

 private:
  const PreluKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand y_, x_, slope_;
};

template <class T>
class PreluGradient : public PartedCall {
 public:
  explicit PreluGradient(const CallSpec& s) : kernels_(s.kernels<T>().prelu) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    slope_ = s.shared<T>("slope", channels_);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.backward(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                      slope_.at<T>(step) + first, last - first, pixels_);
  }

 private:
  const PreluKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand dx_, dy_, x_, slope_;
};

/// One partial dslope for each block of samples; reduceBlocks adds them up.
template <class T>
class PreluSlopeGradient : public PartedCall {
 public:
  explicit PreluSlopeGradient(const CallSpec& s) : kernels_(s.kernels<T>().prelu) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    dslope_ = s.shared<T>("dslope", s.product({s.mostBlocks(), channels_}));
    dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    T* dslope = dslope_.at<T>(step) + group / step.groupsPerBlock * channels_ + first;
    kernels_.slopeGradient(dslope, dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                           group % step.groupsPerBlock != 0, last - first, pixels_);
  }

 private:
  const PreluKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand dslope_, dy_, x_;
};

}  // namespace

const OperatorFactories prelu = CNNATIVE_FACTORIES(Prelu);
const OperatorFactories preluGradient = CNNATIVE_FACTORIES(PreluGradient);
const OperatorFactories preluSlopeGradient = CNNATIVE_FACTORIES(PreluSlopeGradient);

}  // namespace cnnative
