// Sums of two tensors, forward and where gradients meet.
#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// y = a + b, with a relu behind where asked for. y may be a or b.
template <class T>
class Add : public PartedCall {
 public:
  explicit Add(const CallSpec& s) : kernels_(s.kernels<T>().activation), relu_(s.integer("relu", 0, 1) == 1) {
    elements_ = s.product({s.integer("features", 1), kLanes});
    y_ = s.sample<T>("y", elements_), a_ = s.sample<T>("a", elements_), b_ = s.sample<T>("b", elements_);
  }

  int64_t parts() const noexcept override { return elements_ / kLanes; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * kLanes, n = (last - first) * kLanes;
    kernels_.add(y_.at<T>(step, group) + from, a_.at<T>(step, group) + from, b_.at<T>(step, group) + from, relu_, n);
  }

 private:
  const ActivationKernels<T>& kernels_;
  bool relu_;
  int64_t elements_;
  Operand y_, a_, b_;
};

/// y += x, over the whole of a parameter: where a layer is applied twice.
template <class T>
class Accumulate : public TeamCall {
 public:
  explicit Accumulate(const CallSpec& s) : kernels_(s.kernels<T>().activation), elements_(s.integer("elements", 1)) {
    y_ = s.shared<T>("y", elements_), x_ = s.shared<T>("x", elements_);
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kPieceElements, n = std::min(kPieceElements, elements_ - first);
    T* y = y_.at<T>(step) + first;
    kernels_.add(y, y, x_.at<T>(step) + first, false, n);
  }

 private:
  const ActivationKernels<T>& kernels_;
  int64_t elements_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories add = CNNATIVE_FACTORIES(Add);
const OperatorFactories accumulate = CNNATIVE_FACTORIES(Accumulate);

}  // namespace cnnative
