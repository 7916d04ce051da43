// Activations of their own: where no convolution or dense call precedes them, and every activation's gradient.
#include "operators/activation_functions.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
const typename ActivationKernels<T>::Function& functionOf(const CallSpec& s) {
  const auto* f = activationFunction<T>(s.kernels<T>().activation, s.word("activation"));
  if (!f) s.fail("expected the name of an activation, received " + s.word("activation"));
  return *f;
}

template <class T>
class Activation : public PartedCall {
 public:
  explicit Activation(const CallSpec& s)
      : function_(functionOf<T>(s)), elements_(s.product({s.integer("features", 1), kLanes})) {
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", elements_);
  }

  int64_t parts() const noexcept override { return elements_ / kLanes; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes, n = (last - first) * kLanes;
    function_.forward(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from, n);
  }

 private:
  const typename ActivationKernels<T>::Function& function_;
  int64_t elements_;
  Operand y_, x_;
};

template <class T>
class ActivationGradient : public PartedCall {
 public:
  explicit ActivationGradient(const CallSpec& s)
      : function_(functionOf<T>(s)), elements_(s.product({s.integer("features", 1), kLanes})) {
    dx_ = s.sample<T>("dx", elements_);
    dy_ = s.sample<T>("dy", elements_);
    y_ = s.sample<T>("y", elements_);
  }

  int64_t parts() const noexcept override { return elements_ / kLanes; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes, n = (last - first) * kLanes;
    function_.backward(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, y_.at<T>(step, group) + from, n);
  }

 private:
  const typename ActivationKernels<T>::Function& function_;
  int64_t elements_;
  Operand dx_, dy_, y_;
};

}  // namespace

const OperatorFactories activation = CNNATIVE_FACTORIES(Activation);
const OperatorFactories activationGradient = CNNATIVE_FACTORIES(ActivationGradient);

}  // namespace cnnative
