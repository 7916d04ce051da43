// Stochastic gradient descent, with or without momentum. The learning rate is one of the step's scalars.
#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Sgd : public TeamCall {
 public:
  explicit Sgd(const CallSpec& s) : kernels_(s.kernels<T>().optimizer) {
    elements_ = s.integer("elements", 1);
    rate_ = s.integer("rate", 0, s.program().scalars - 1);
    w_ = s.shared<T>("w", elements_);
    g_ = s.shared<T>("g", elements_);
    if (!s.has("v")) return;
    v_ = s.shared<T>("v", elements_);
    momentum_ = static_cast<T>(s.number("momentum"));
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kPieceElements, n = std::min(kPieceElements, elements_ - first);
    const T rate = static_cast<T>(step.scalars[rate_]);
    T* w = w_.at<T>(step) + first;
    const T* g = g_.at<T>(step) + first;
    if (v_.present) {
      kernels_.momentum(w, v_.at<T>(step) + first, g, n, rate, momentum_);
    } else {
      kernels_.sgd(w, g, n, rate);
    }
  }

 private:
  const OptimizerKernels<T>& kernels_;
  int64_t elements_, rate_;
  T momentum_ = 0;
  Operand w_, v_, g_;
};

}  // namespace

const OperatorFactories sgd = CNNATIVE_FACTORIES(Sgd);

}  // namespace cnnative
