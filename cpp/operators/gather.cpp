// The first calls of a step: each picks the batch's samples from a part of the dataset, converts and normalises them,
// and lays them out in lanes. And the last ones of a prediction, which lay results out as users read them.
#include <algorithm>

#include "operators/operators.h"
#include "operators/samples_ahead.h"

namespace cnnative {

namespace {

template <class T>
class Gather : public SampleCall {
 public:
  explicit Gather(const CallSpec& s) : kernels_(s.kernels<T>().data) {
    const std::vector<int64_t>& inputs = s.program().inputElements;
    part_ = static_cast<size_t>(s.integer("part", 0, static_cast<int64_t>(inputs.size()) - 1));
    channels_ = s.integer("channels", 1);
    pixels_ = s.integer("pixels", 1);
    const int64_t features = s.product({channels_, pixels_});
    if (features != inputs[part_]) s.fail("expected channels * pixels to be the elements of a sample of the part");
    y_ = s.sample<T>("y", s.product({features, kLanes}));
    for (double v : s.numbers("scale", channels_)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", channels_)) shift_.push_back(static_cast<T>(v));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const int32_t* samples = step.indices + group * kLanes;
    const int64_t count = step.lanes(group), features = channels_ * pixels_;
    const DatasetPart& part = step.dataset->parts[part_];
    const std::byte* x = part.samples.data();
    askForSamples(step, part, group);
    switch (part.element) {
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
  size_t part_;
  int64_t channels_, pixels_;
  std::vector<T> scale_, shift_;
};

/// Fills `features` of the elements of each output sample, from `first` on.
template <class T>
class Output : public SampleCall {
 public:
  explicit Output(const CallSpec& s) : kernels_(s.kernels<T>().data), elements_(s.program().outputElements) {
    first_ = s.integer("first", 0, elements_);
    features_ = s.integer("features", 1, elements_ - first_);
    x_ = s.sample<T>("x", s.product({features_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = reinterpret_cast<T*>(step.output) + group * kLanes * elements_ + first_;
    const T* x = x_.at<T>(step, group);
    // Lane by lane, for what other calls put out lies between two samples.
    for (int64_t l = 0; l < step.lanes(group); l++) kernels_.scatter(y + l * elements_, x + l, 1, features_);
  }

 private:
  const DataKernels<T>& kernels_;
  Operand x_;
  int64_t elements_, first_ = 0, features_ = 0;
};

}  // namespace

const OperatorFactories gather = CNNATIVE_FACTORIES(Gather);
const OperatorFactories output = CNNATIVE_FACTORIES(Output);

}  // namespace cnnative
