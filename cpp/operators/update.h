// What the updates of all optimizers have in common: whether the step at hand updates at all, the gradient and what
// clips it, weight decay.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "operators/operators.h"

namespace cnnative {

/// A scalar that says whether a call does anything in a step: 0 or 1.
class Gate {
 public:
  explicit Gate(const CallSpec& s) : scalar_(s.integer("gate", 0, s.program().scalars - 1)) {}
  bool open(const Step& step) const { return step.scalars[scalar_] != 0; }

 private:
  int64_t scalar_;
};

/// Elementwise work on parameters, in pieces.
class GatedCall : public TeamCall {
 public:
  explicit GatedCall(const CallSpec& s) : elements_(s.integer("elements", 1)), gate_(s) {}

  int64_t pieces(const Step& step) const noexcept final { return gate_.open(step) ? piecesOf(elements_) : 0; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept final {
    const int64_t first = piece * kPieceElements;
    runPiece(step, first, std::min(kPieceElements, elements_ - first));
  }

 protected:
  virtual void runPiece(const Step& step, int64_t first, int64_t n) const noexcept = 0;
  const int64_t elements_;

 private:
  Gate gate_;
};

/// A gradient with what clips it: each element to the range of `limit`, all by a factor that `clipFactors` has found.
template <class T>
class ClippedGradient {
 public:
  ClippedGradient() = default;
  ClippedGradient(const CallSpec& s, int64_t elements) {
    g_ = s.shared<T>("g", elements);
    const double limit = s.number("limit");
    limit_ = limit > 0 ? static_cast<T>(limit) : std::numeric_limits<T>::infinity();
    if (!s.has("factors")) return;
    index_ = s.integer("factor", 0);
    factors_ = s.shared<T>("factors", index_ + 1);
  }

  T* at(const Step& step) const { return g_.at<T>(step); }
  T limit() const { return limit_; }
  T factor(const Step& step) const { return factors_.present ? factors_.at<T>(step)[index_] : T(1); }

 private:
  Operand g_, factors_;
  int64_t index_ = 0;
  T limit_ = 0;
};

/// An optimizer's rule: w by g and the state it keeps. Rates are scalars of the step, times the factor of the layer.
template <class T>
class Update : public GatedCall {
 public:
  explicit Update(const CallSpec& s) : GatedCall(s), kernels_(s.kernels<T>().optimizer), scalars_(s.program().scalars) {
    w_ = s.shared<T>("w", elements_);
    gradient_ = {s, elements_};
    rate_ = scalar(s, "rate");
    rateFactor_ = s.number("rateFactor"), decay_ = s.number("decay");
    decoupled_ = s.integer("decoupled", 0, 1) == 1;
  }

 protected:
  int64_t scalar(const CallSpec& s, const char* name) const { return s.integer(name, 0, scalars_ - 1); }
  /// State that may be left out.
  Operand state(const CallSpec& s, const char* name) const {
    return s.has(name) ? s.shared<T>(name, elements_) : Operand();
  }

  /// A rate among the step's scalars.
  T rateAt(const Step& step, int64_t scalar) const { return static_cast<T>(step.scalars[scalar] * rateFactor_); }
  T rate(const Step& step) const { return rateAt(step, rate_); }
  Descent<T> descent(const Step& step) const {
    const double shrink = step.scalars[rate_] * rateFactor_ * decay_;
    return {gradient_.limit(), gradient_.factor(step), static_cast<T>(decoupled_ ? 0 : decay_),
            static_cast<T>(decoupled_ ? 1 - shrink : 1)};
  }
  T* w(const Step& step, int64_t first) const { return w_.at<T>(step) + first; }
  const T* g(const Step& step, int64_t first) const { return gradient_.at(step) + first; }
  static T* at(const Operand& state, const Step& step, int64_t first) {
    return state.present ? state.at<T>(step) + first : nullptr;
  }

  const OptimizerKernels<T>& kernels_;

 private:
  int64_t scalars_, rate_ = 0;
  double rateFactor_ = 1, decay_ = 0;
  bool decoupled_ = false;
  Operand w_;
  ClippedGradient<T> gradient_;
};

}  // namespace cnnative
