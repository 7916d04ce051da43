// Activations of their own: where no convolution or dense call precedes them, and every activation's gradient.
#include "operators/activation_functions.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Activation : public PartedCall {
 public:
  explicit Activation(const CallSpec& s) : function_(s), elements_(s.product({s.integer("features", 1), kLanes})) {
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", elements_);
  }

  int64_t parts() const noexcept override { return elements_ / kLanes; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes, n = (last - first) * kLanes;
    function_.forward(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from, n);
  }

 private:
  ActivationFunction<T> function_;
  int64_t elements_;
  Operand y_, x_;
};

template <class T>
class ActivationGradient : public PartedCall {
 public:
  explicit ActivationGradient(const CallSpec& s)
      : function_(s), elements_(s.product({s.integer("features", 1), kLanes})) {
    dx_ = s.sample<T>("dx", elements_);
    dy_ = s.sample<T>("dy", elements_);
    known_ = s.sample<T>(function_.known(), elements_);
  }

  int64_t parts() const noexcept override { return elements_ / kLanes; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes, n = (last - first) * kLanes;
    function_.backward(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, known_.at<T>(step, group) + from,
                       n);
  }

 private:
  ActivationFunction<T> function_;
  int64_t elements_;
  Operand dx_, dy_, known_;
};

}  // namespace

const OperatorFactories activation = CNNATIVE_FACTORIES(Activation);
const OperatorFactories activationGradient = CNNATIVE_FACTORIES(ActivationGradient);

}  // namespace cnnative
