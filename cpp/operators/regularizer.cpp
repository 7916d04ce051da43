// Penalties on the size of weights: counted in the loss, and followed by the gradient. Their sums go piece by piece, in
// order, whatever the threads.
#include <algorithm>
#include <string>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// sums[first + piece] = l1 * sum |w| + l2 * sum w^2 over a piece of w.
template <class T>
class Penalty : public TeamCall {
 public:
  explicit Penalty(const CallSpec& s) : kernels_(s.kernels<T>().regularizer) {
    elements_ = s.integer("elements", 1), first_ = s.integer("first", 0);
    l1_ = static_cast<T>(s.number("l1")), l2_ = static_cast<T>(s.number("l2"));
    w_ = s.shared<T>("w", elements_);
    sums_ = s.shared<T>("sums", first_ + piecesOf(elements_));
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t from = piece * kPieceElements, n = std::min(kPieceElements, elements_ - from);
    sums_.at<T>(step)[first_ + piece] = static_cast<T>(kernels_.penalty(w_.at<T>(step) + from, n, l1_, l2_));
  }

 private:
  const RegularizerKernels<T>& kernels_;
  int64_t elements_, first_;
  T l1_, l2_;
  Operand w_, sums_;
};

/// metrics[metric] += the sum of all pieces, so often as what a step records needs: once for each sample, where a mean
/// over samples is made of it; once a step; or once a run, in its first step.
template <class T>
class AddPenalties : public TeamCall {
 public:
  explicit AddPenalties(const CallSpec& s) : metric_(s.integer("metric", 0, s.program().metrics - 1)) {
    elements_ = s.integer("elements", 1);
    sums_ = s.shared<T>("sums", elements_);
    const std::string& per = s.word("per");
    perSample_ = per == "sample", perRun_ = per == "run";
    if (!perSample_ && !perRun_ && per != "step") s.fail("expected sample, step or run for per, received " + per);
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    double total = 0;
    for (int64_t i = 0; i < elements_; i++) total += sums_.at<T>(step)[i];
    if (perRun_ && step.index > 0) return;
    step.metrics[metric_] += perSample_ ? total * static_cast<double>(step.count) : total;
  }

 private:
  int64_t metric_, elements_;
  bool perSample_, perRun_;
  Operand sums_;
};

/// g += l1 * sign(w) + 2 * l2 * w.
template <class T>
class PenaltyGradient : public TeamCall {
 public:
  explicit PenaltyGradient(const CallSpec& s) : kernels_(s.kernels<T>().regularizer) {
    elements_ = s.integer("elements", 1);
    l1_ = static_cast<T>(s.number("l1")), l2_ = static_cast<T>(s.number("l2"));
    g_ = s.shared<T>("g", elements_), w_ = s.shared<T>("w", elements_);
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t from = piece * kPieceElements, n = std::min(kPieceElements, elements_ - from);
    kernels_.gradient(g_.at<T>(step) + from, w_.at<T>(step) + from, n, l1_, l2_);
  }

 private:
  const RegularizerKernels<T>& kernels_;
  int64_t elements_;
  T l1_, l2_;
  Operand g_, w_;
};

}  // namespace

const OperatorFactories penalty = CNNATIVE_FACTORIES(Penalty);
const OperatorFactories addPenalties = CNNATIVE_FACTORIES(AddPenalties);
const OperatorFactories penaltyGradient = CNNATIVE_FACTORIES(PenaltyGradient);

}  // namespace cnnative
