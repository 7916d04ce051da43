// Single samples without lanes: dense layers and softmax, and the ways from and to blocks of channels.
#include <algorithm>
#include <cstring>

#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
const FlatKernels<T>& kernelsOf(const CallSpec& s) {
  const FlatKernels<T>& kernels = s.kernels<T>().flat;
  if (!kernels.dense) s.fail("expected an instruction set with vectors, received scalar kernels");
  return kernels;
}

/// y = act(w x + bias), w as stored.
template <class T>
class FlatDense : public PartedCall {
 public:
  explicit FlatDense(const CallSpec& s) : kernels_(kernelsOf<T>(s)), relu_(s.integer("relu", 0, 1) == 1) {
    inputs_ = s.integer("inputs", 1), outputs_ = s.integer("outputs", 1);
    y_ = s.sample<T>("y", outputs_), x_ = s.sample<T>("x", inputs_);
    w_ = s.shared<T>("w", s.product({outputs_, inputs_}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", outputs_);
  }

  int64_t parts() const noexcept override { return (outputs_ + kUnits - 1) / kUnits; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.dense(y_.at<T>(step, group), x_.at<T>(step, group), w_.at<T>(step),
                   bias_.present ? bias_.at<T>(step) : nullptr, relu_, inputs_, first * kUnits,
                   std::min(last * kUnits, outputs_));
  }

 private:
  /// A part: what the kernel computes side by side.
  static constexpr int64_t kUnits = 4;

  const FlatKernels<T>& kernels_;
  bool relu_;
  int64_t inputs_, outputs_;
  Operand y_, x_, w_, bias_;
};

template <class T>
class FlatSoftmax : public SampleCall {
 public:
  explicit FlatSoftmax(const CallSpec& s) : kernels_(kernelsOf<T>(s)), classes_(s.integer("classes", 1)) {
    y_ = s.sample<T>("y", classes_), x_ = s.sample<T>("x", classes_);
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.softmax(y_.at<T>(step, group), x_.at<T>(step, group), classes_);
  }

 private:
  const FlatKernels<T>& kernels_;
  int64_t classes_;
  Operand y_, x_;
};

/// y[C * pixels] = x[C / 16][pixels][16].
template <class T>
class Flatten : public PartedCall {
 public:
  explicit Flatten(const CallSpec& s) : kernels_(kernelsOf<T>(s)) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    y_ = s.sample<T>("y", s.product({channels_, pixels_}));
    x_ = s.sample<T>("x", s.product({channelBlocks(channels_), pixels_, kLanes}));
  }

  int64_t parts() const noexcept override { return channelBlocks(channels_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes * pixels_, end = std::min(last * kLanes, channels_);
    kernels_.flatten(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from, end - first * kLanes, pixels_);
  }

 private:
  const FlatKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand y_, x_;
};

/// The sample, in blocks of channels.
template <class T>
class ChannelGather : public SampleCall {
 public:
  explicit ChannelGather(const CallSpec& s) : kernels_(kernelsOf<T>(s)) {
    const std::vector<int64_t>& inputs = s.program().inputElements;
    part_ = static_cast<size_t>(s.integer("part", 0, static_cast<int64_t>(inputs.size()) - 1));
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    if (s.product({channels_, pixels_}) != inputs[part_])
      s.fail("expected channels * pixels to be the elements of a sample of the part");
    y_ = s.sample<T>("y", s.product({channelBlocks(channels_), pixels_, kLanes}));
    for (double v : s.numbers("scale", channels_)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", channels_)) shift_.push_back(static_cast<T>(v));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const int64_t first = step.indices[group] * channels_ * pixels_;
    const DatasetPart& part = step.dataset->parts[part_];
    const std::byte* x = part.samples.data();
    if (part.element == Element::uint8) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(x) + first;
      kernels_.spreadBytes(y, bytes, scale_.data(), shift_.data(), channels_, pixels_);
    } else if (part.element == Element::float64) {
      const auto* doubles = reinterpret_cast<const double*>(x) + first;
      for (int64_t i = 0; i < channels_ * pixels_; i++) {
        const int64_t c = i / pixels_, p = i % pixels_;
        y[(c / kLanes * pixels_ + p) * kLanes + c % kLanes] = static_cast<T>(doubles[i]);
      }
    } else {
      kernels_.spread(y, reinterpret_cast<const T*>(x) + first, channels_, pixels_);
    }
  }

 private:
  const FlatKernels<T>& kernels_;
  Operand y_;
  size_t part_;
  int64_t channels_, pixels_;
  std::vector<T> scale_, shift_;
};

/// Fills `features` of the elements of each output sample, from `first` on.
template <class T>
class FlatOutput : public SampleCall {
 public:
  explicit FlatOutput(const CallSpec& s) : elements_(s.program().outputElements) {
    first_ = s.integer("first", 0, elements_);
    features_ = s.integer("features", 1, elements_ - first_);
    x_ = s.sample<T>("x", features_);
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    std::memcpy(reinterpret_cast<T*>(step.output) + group * elements_ + first_, x_.at<T>(step, group),
                static_cast<size_t>(features_) * sizeof(T));
  }

 private:
  Operand x_;
  int64_t elements_, first_, features_;
};

}  // namespace

const OperatorFactories flatDense = CNNATIVE_FACTORIES(FlatDense);
const OperatorFactories flatSoftmax = CNNATIVE_FACTORIES(FlatSoftmax);
const OperatorFactories flatten = CNNATIVE_FACTORIES(Flatten);
const OperatorFactories channelGather = CNNATIVE_FACTORIES(ChannelGather);
const OperatorFactories flatOutput = CNNATIVE_FACTORIES(FlatOutput);

}  // namespace cnnative
