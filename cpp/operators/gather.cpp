// The first call of a step: picks the batch's samples, converts and normalises them, and lays them out in lanes. And
// the last one of a prediction, which lays results out as users read them.
#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Gather : public SampleCall {
 public:
  explicit Gather(const CallSpec& s) : kernels_(s.kernels<T>().data) {
    channels_ = s.integer("channels", 1);
    pixels_ = s.integer("pixels", 1);
    const int64_t features = s.product({channels_, pixels_});
    if (features != s.program().inputElements)
      s.fail("expected channels * pixels to be the elements of an input sample");
    y_ = s.sample<T>("y", s.product({features, kLanes}));
    for (double v : s.numbers("scale", channels_)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", channels_)) shift_.push_back(static_cast<T>(v));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const int32_t* samples = step.indices + group * kLanes;
    const int64_t count = step.lanes(group), features = channels_ * pixels_;
    const std::byte* x = step.dataset->samples.data();
    switch (step.dataset->element) {
      case Element::uint8:
        return kernels_.gatherBytes(y, reinterpret_cast<const uint8_t*>(x), samples, count, channels_, pixels_,
                                    scale_.data(), shift_.data());
      case Element::float64:
        return kernels_.gatherDoubles(y, reinterpret_cast<const double*>(x), samples, count, features);
      default:
        return kernels_.gatherFloats(y, reinterpret_cast<const float*>(x), samples, count, features);
    }
  }

 private:
  const DataKernels<T>& kernels_;
  Operand y_;
  int64_t channels_, pixels_;
  std::vector<T> scale_, shift_;
};

template <class T>
class Output : public SampleCall {
 public:
  explicit Output(const CallSpec& s) : kernels_(s.kernels<T>().data), features_(s.integer("features", 1)) {
    if (features_ != s.program().outputElements) s.fail("expected as many features as an output sample has elements");
    x_ = s.sample<T>("x", s.product({features_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = reinterpret_cast<T*>(step.output) + group * kLanes * features_;
    kernels_.scatter(y, x_.at<T>(step, group), step.lanes(group), features_);
  }

 private:
  const DataKernels<T>& kernels_;
  Operand x_;
  int64_t features_;
};

}  // namespace

const OperatorFactories gather = CNNATIVE_FACTORIES(Gather);
const OperatorFactories output = CNNATIVE_FACTORIES(Output);

}  // namespace cnnative
