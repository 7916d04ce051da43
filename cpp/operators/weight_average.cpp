// Averages of weights over the steps of a training.
#include "operators/update.h"

namespace cnnative {

namespace {

/// a = decay * a + (1 - decay) * w. In the first update, where the scalar `begin` is not 0, a = w.
template <class T>
class AverageWeights : public GatedCall {
 public:
  explicit AverageWeights(const CallSpec& s) : GatedCall(s), kernels_(s.kernels<T>().optimizer) {
    decay_ = s.number("decay");
    begin_ = s.integer("begin", 0, s.program().scalars - 1);
    a_ = s.shared<T>("a", elements_), w_ = s.shared<T>("w", elements_);
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    const double decay = step.scalars[begin_] != 0 ? 0 : decay_;
    kernels_.average(a_.at<T>(step) + first, w_.at<T>(step) + first, n, static_cast<T>(decay),
                     static_cast<T>(1 - decay));
  }

 private:
  const OptimizerKernels<T>& kernels_;
  double decay_;
  int64_t begin_;
  Operand a_, w_;
};

/// slow += alpha * (w - slow); w = slow. The attribute `alpha` names a scalar.
template <class T>
class Lookahead : public GatedCall {
 public:
  explicit Lookahead(const CallSpec& s) : GatedCall(s), kernels_(s.kernels<T>().optimizer) {
    alpha_ = s.integer("alpha", 0, s.program().scalars - 1);
    slow_ = s.shared<T>("slow", elements_), w_ = s.shared<T>("w", elements_);
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    kernels_.lookahead(slow_.at<T>(step) + first, w_.at<T>(step) + first, n, static_cast<T>(step.scalars[alpha_]));
  }

 private:
  const OptimizerKernels<T>& kernels_;
  int64_t alpha_;
  Operand slow_, w_;
};

}  // namespace

const OperatorFactories averageWeights = CNNATIVE_FACTORIES(AverageWeights);
const OperatorFactories lookahead = CNNATIVE_FACTORIES(Lookahead);

}  // namespace cnnative
