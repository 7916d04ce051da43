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
class Activation : public SampleCall {
 public:
  explicit Activation(const CallSpec& s)
      : function_(functionOf<T>(s)), elements_(s.product({s.integer("features", 1), kLanes})) {
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", elements_);
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    function_.forward(y_.at<T>(step, group), x_.at<T>(step, group), elements_);
  }

 private:
  const typename ActivationKernels<T>::Function& function_;
  int64_t elements_;
  Operand y_, x_;
};

template <class T>
class ActivationGradient : public SampleCall {
 public:
  explicit ActivationGradient(const CallSpec& s)
      : function_(functionOf<T>(s)), elements_(s.product({s.integer("features", 1), kLanes})) {
    dx_ = s.sample<T>("dx", elements_);
    dy_ = s.sample<T>("dy", elements_);
    y_ = s.sample<T>("y", elements_);
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    function_.backward(dx_.at<T>(step, group), dy_.at<T>(step, group), y_.at<T>(step, group), elements_);
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
