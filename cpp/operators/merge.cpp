// Products, larger ones and multiples of tensors of one shape, element by element.
#include "operators/operators.h"

namespace cnnative {

namespace {

/// y = f(a, b); y may be a or b.
template <class T>
class Merge : public PartedCall {
 public:
  using Kernel = void (*)(T*, const T*, const T*, int64_t);

  Merge(const CallSpec& s, Kernel kernel) : kernel_(kernel), features_(s.integer("features", 1)) {
    const int64_t elements = s.product({features_, kLanes});
    y_ = s.sample<T>("y", elements), a_ = s.sample<T>("a", elements), b_ = s.sample<T>("b", elements);
  }

  int64_t parts() const noexcept override { return features_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes;
    kernel_(y_.at<T>(step, group) + from, a_.at<T>(step, group) + from, b_.at<T>(step, group) + from,
            (last - first) * kLanes);
  }

 private:
  Kernel kernel_;
  int64_t features_;
  Operand y_, a_, b_;
};

template <class T>
class Multiply : public Merge<T> {
 public:
  explicit Multiply(const CallSpec& s) : Merge<T>(s, s.kernels<T>().merge.multiply) {}
};

template <class T>
class Maximum : public Merge<T> {
 public:
  explicit Maximum(const CallSpec& s) : Merge<T>(s, s.kernels<T>().merge.maximum) {}
};

/// dx = dy where the first (second = 0) or the second operand of a maximum was taken. dx may be dy.
template <class T>
class MaximumGradient : public PartedCall {
 public:
  explicit MaximumGradient(const CallSpec& s)
      : kernels_(s.kernels<T>().merge), features_(s.integer("features", 1)), second_(s.integer("second", 0, 1) == 1) {
    const int64_t elements = s.product({features_, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements);
    a_ = s.sample<T>("a", elements), b_ = s.sample<T>("b", elements);
  }

  int64_t parts() const noexcept override { return features_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes;
    kernels_.maximumGradient(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, a_.at<T>(step, group) + from,
                             b_.at<T>(step, group) + from, second_, (last - first) * kLanes);
  }

 private:
  const MergeKernels<T>& kernels_;
  int64_t features_;
  bool second_;
  Operand dx_, dy_, a_, b_;
};

/// y = x * factor + offset. y may be x.
template <class T>
class Scale : public PartedCall {
 public:
  explicit Scale(const CallSpec& s)
      : kernels_(s.kernels<T>().merge),
        features_(s.integer("features", 1)),
        factor_(static_cast<T>(s.number("factor"))),
        offset_(static_cast<T>(s.number("offset"))) {
    const int64_t elements = s.product({features_, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
  }

  int64_t parts() const noexcept override { return features_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes;
    kernels_.scale(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from, factor_, offset_,
                   (last - first) * kLanes);
  }

 private:
  const MergeKernels<T>& kernels_;
  int64_t features_;
  T factor_, offset_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories multiply = CNNATIVE_FACTORIES(Multiply);
const OperatorFactories maximum = CNNATIVE_FACTORIES(Maximum);
const OperatorFactories maximumGradient = CNNATIVE_FACTORIES(MaximumGradient);
const OperatorFactories scale = CNNATIVE_FACTORIES(Scale);

}  // namespace cnnative
