// What a loss compares outputs with: labels or targets of the batch's samples, laid out in lanes.
#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// y = the targets of each sample. Absent lanes repeat the first sample, as those of inputs do.
template <class T>
class GatherTargets : public SampleCall {
 public:
  explicit GatherTargets(const CallSpec& s) : kernels_(s.kernels<T>().data), features_(s.integer("features", 1)) {
    if (s.program().targetElements != features_) s.fail("expected features to be the elements of a sample's targets");
    y_ = s.sample<T>("y", s.product({features_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const int32_t* samples = step.indices + group * kLanes;
    const DatasetPart& targets = step.dataset->targets;
    const std::byte* x = targets.samples.data();
    if (targets.element == Element::float64) {
      kernels_.gatherDoubles(y, reinterpret_cast<const double*>(x), samples, step.lanes(group), features_);
    } else {
      kernels_.gatherFloats(y, reinterpret_cast<const float*>(x), samples, step.lanes(group), features_);
    }
  }

 private:
  const DataKernels<T>& kernels_;
  int64_t features_;
  Operand y_;
};

/// y = 1 for the class that is a sample's label, else 0.
template <class T>
class OneHot : public SampleCall {
 public:
  explicit OneHot(const CallSpec& s) : classes_(s.integer("classes", 1)) {
    if (s.program().classes != classes_) s.fail("expected the program's labels to be of as many classes as its logits");
    y_ = s.sample<T>("y", s.product({classes_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    std::fill(y, y + classes_ * kLanes, T(0));
    const int32_t* samples = step.indices + group * kLanes;
    for (int64_t l = 0; l < step.lanes(group); l++) {
      y[step.dataset->labels[static_cast<size_t>(samples[l])] * kLanes + l] = T(1);
    }
  }

 private:
  int64_t classes_;
  Operand y_;
};

/// y = x * scale + shift, class by class: class weights and smoothed labels. y may be x.
template <class T>
class ScaleTargets : public SampleCall {
 public:
  explicit ScaleTargets(const CallSpec& s) : classes_(s.integer("classes", 1)) {
    y_ = s.sample<T>("y", s.product({classes_, kLanes}));
    x_ = s.sample<T>("x", s.product({classes_, kLanes}));
    for (double v : s.numbers("scale", classes_)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", classes_)) shift_.push_back(static_cast<T>(v));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const T* x = x_.at<T>(step, group);
    for (int64_t k = 0; k < classes_; k++, x += kLanes, y += kLanes) {
      const T scale = scale_[static_cast<size_t>(k)], shift = shift_[static_cast<size_t>(k)];
      for (int64_t l = 0; l < kLanes; l++) y[l] = x[l] * scale + shift;
    }
  }

 private:
  int64_t classes_;
  Operand y_, x_;
  std::vector<T> scale_, shift_;
};

}  // namespace

const OperatorFactories gatherTargets = CNNATIVE_FACTORIES(GatherTargets);
const OperatorFactories oneHot = CNNATIVE_FACTORIES(OneHot);
const OperatorFactories scaleTargets = CNNATIVE_FACTORIES(ScaleTargets);

}  // namespace cnnative
