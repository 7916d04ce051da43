// Batch normalisation at inference is a scale and a shift a channel, so it folds into the weights and the bias of the
// convolution or dense layer before it (Jacob et al., "Quantization and training of neural networks for efficient
// integer-arithmetic-only inference", 2018, section 3.2).
#include <cmath>

#include "operators/channel_parameter.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// folded = w * scale[K], foldedBias = (bias - mean) * scale + beta, with scale = gamma / sqrt(variance + epsilon).
template <class T>
class FoldBatchNorm : public TeamCall {
 public:
  explicit FoldBatchNorm(const CallSpec& s) : epsilon_(s.number("epsilon")) {
    filters_ = s.integer("filters", 1), elements_ = s.integer("elements", 1);
    const int64_t all = s.product({filters_, elements_});
    folded_ = s.shared<T>("folded", all), w_ = s.shared<T>("w", all);
    foldedBias_ = s.shared<T>("foldedBias", filters_);
    if (s.has("bias")) bias_ = s.shared<T>("bias", filters_);
    gamma_ = {s, "gamma", filters_, 1}, beta_ = {s, "beta", filters_, 0};
    mean_ = s.shared<T>("mean", filters_), variance_ = s.shared<T>("variance", filters_);
    filtersAtOnce_ = 1 + kPieceElements / elements_;
  }

  int64_t pieces(const Step&) const noexcept override { return (filters_ + filtersAtOnce_ - 1) / filtersAtOnce_; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t end = (piece + 1) * filtersAtOnce_ < filters_ ? (piece + 1) * filtersAtOnce_ : filters_;
    for (int64_t k = piece * filtersAtOnce_; k < end; k++) {
      const double scale = gamma_.at(step, k) / std::sqrt(variance_.at<T>(step)[k] + epsilon_);
      const double bias = bias_.present ? bias_.at<T>(step)[k] : 0;
      foldedBias_.at<T>(step)[k] = static_cast<T>((bias - mean_.at<T>(step)[k]) * scale + beta_.at(step, k));
      const T* from = w_.at<T>(step) + k * elements_;
      T* to = folded_.at<T>(step) + k * elements_;
      for (int64_t i = 0; i < elements_; i++) to[i] = static_cast<T>(from[i] * scale);
    }
  }

 private:
  double epsilon_;
  int64_t filters_, elements_, filtersAtOnce_;
  Operand folded_, foldedBias_, w_, bias_, mean_, variance_;
  ChannelParameter<T> gamma_, beta_;
};

}  // namespace

const OperatorFactories foldBatchNorm = CNNATIVE_FACTORIES(FoldBatchNorm);

}  // namespace cnnative
