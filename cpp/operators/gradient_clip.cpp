// What is done to gradients before an update: averaged over several steps, and measured to be clipped by their norms.
// Norms are summed piece by piece, in order, whatever the threads.
#include "operators/update.h"

namespace cnnative {

namespace {

/// Adds the gradient to those of steps before; in the step of the update g becomes the mean of all, and the sum begins
/// anew.
template <class T>
class CollectGradient : public TeamCall {
 public:
  explicit CollectGradient(const CallSpec& s) : kernels_(s.kernels<T>().optimizer), gate_(s) {
    elements_ = s.integer("elements", 1);
    weight_ = static_cast<T>(1.0 / static_cast<double>(s.integer("steps", 1)));
    g_ = s.shared<T>("g", elements_), sum_ = s.shared<T>("sum", elements_);
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kPieceElements, n = std::min(kPieceElements, elements_ - first);
    kernels_.collect(sum_.at<T>(step) + first, g_.at<T>(step) + first, n, gate_.open(step), weight_);
  }

 private:
  const OptimizerKernels<T>& kernels_;
  Gate gate_;
  int64_t elements_;
  T weight_;
  Operand g_, sum_;
};

/// norms[first + piece] = the norm of a piece of g, its elements clipped.
template <class T>
class GradientNorms : public GatedCall {
 public:
  explicit GradientNorms(const CallSpec& s)
      : GatedCall(s), kernels_(s.kernels<T>().optimizer), gradient_(s, elements_), first_(s.integer("first", 0)) {
    norms_ = s.shared<T>("norms", first_ + piecesOf(elements_));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    const double sum = kernels_.squares(gradient_.at(step) + first, n, gradient_.limit());
    norms_.at<T>(step)[first_ + first / kPieceElements] = static_cast<T>(std::sqrt(sum));
  }

 private:
  const OptimizerKernels<T>& kernels_;
  ClippedGradient<T> gradient_;
  int64_t first_;
  Operand norms_;
};

/// factors[i] of each tensor: brings its norm down to `each`, then the norm of all tensors together to `all`; 0 for no
/// such limit. A norm that is no finite number leaves gradients as they are: a diverged training must show.
template <class T>
class ClipFactors : public TeamCall {
 public:
  explicit ClipFactors(const CallSpec& s) : gate_(s), each_(s.number("each")), all_(s.number("all")) {
    tensors_ = s.integer("tensors", 1);
    for (double pieces : s.numbers("pieces", tensors_)) {
      if (!(pieces >= 1 && pieces <= double(int64_t(1) << 31))) s.fail("expected pieces of at least 1");
      pieces_.push_back(static_cast<int64_t>(pieces));
    }
    int64_t total = 0;
    for (int64_t pieces : pieces_) total += pieces;
    norms_ = s.shared<T>("norms", total), factors_ = s.shared<T>("factors", tensors_);
  }

  int64_t pieces(const Step& step) const noexcept override { return gate_.open(step) ? 1 : 0; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    const T* norm = norms_.at<T>(step);
    T* factors = factors_.at<T>(step);
    double total = 0;
    for (int64_t i = 0; i < tensors_; i++) {
      double squares = 0;
      for (int64_t piece = 0; piece < pieces_[static_cast<size_t>(i)]; piece++, norm++)
        squares += double(*norm) * *norm;
      const double factor = factorOf(std::sqrt(squares), each_);
      factors[i] = static_cast<T>(factor);
      total += factor * factor * squares;
    }
    const double factor = factorOf(std::sqrt(total), all_);
    for (int64_t i = 0; i < tensors_; i++) factors[i] = static_cast<T>(factors[i] * factor);
  }

 private:
  static double factorOf(double norm, double most) {
    return most > 0 && norm > most && std::isfinite(norm) ? most / norm : 1;
  }

  Gate gate_;
  double each_, all_;
  int64_t tensors_;
  std::vector<int64_t> pieces_;
  Operand norms_, factors_;
};

}  // namespace

const OperatorFactories collectGradient = CNNATIVE_FACTORIES(CollectGradient);
const OperatorFactories gradientNorms = CNNATIVE_FACTORIES(GradientNorms);
const OperatorFactories clipFactors = CNNATIVE_FACTORIES(ClipFactors);

}  // namespace cnnative
