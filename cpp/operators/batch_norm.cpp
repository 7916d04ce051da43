// Batch normalisation: y = act((x - mean) / sqrt(variance + epsilon) * gamma + beta), per channel. gamma
// and beta may be left out.
//
// In training mean and variance are the batch's: each lane group gives moments of its own, joined in order by Chan's
// formula ("Updating formulae and a pairwise algorithm for computing sample variances", 1979), in double.
#include <cmath>

#include "operators/channel_parameter.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// moments[C, 2] of each lane group.
template <class T>
class BatchNormMoments : public PartedCall {
 public:
  explicit BatchNormMoments(const CallSpec& s) : kernels_(s.kernels<T>().norm) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    moments_ = s.sample<T>("moments", s.product({channels_, 2}));
    x_ = s.sample<T>("x", s.product({channels_, pixels_, kLanes}));
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.moments(moments_.at<T>(step, group) + 2 * first, x_.at<T>(step, group) + first * pixels_ * kLanes,
                     step.lanes(group), last - first, pixels_);
  }

 private:
  const NormKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand moments_, x_;
};

/// mean and variance of the batch, and the scale and shift that normalise it.
template <class T>
class BatchNormStatistics : public TeamCall {
 public:
  explicit BatchNormStatistics(const CallSpec& s) : epsilon_(s.number("epsilon")) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    moments_ = s.sample<T>("moments", s.product({channels_, 2}));
    mean_ = s.shared<T>("mean", channels_), variance_ = s.shared<T>("variance", channels_);
    scale_ = s.shared<T>("scale", channels_), shift_ = s.shared<T>("shift", channels_);
    gamma_ = {s, "gamma", channels_, 1}, beta_ = {s, "beta", channels_, 0};
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    for (int64_t c = 0; c < channels_; c++) {
      double count = 0, mean = 0, squares = 0;
      for (int64_t group = 0; group < step.groups; group++) {
        const T* m = moments_.at<T>(step, group) + 2 * c;
        const double own = static_cast<double>(step.lanes(group) * pixels_), distance = m[0] - mean;
        mean += distance * own / (count + own);
        squares += m[1] + distance * distance * count * own / (count + own);
        count += own;
      }
      const double variance = squares / count;
      const double scale = gamma_.at(step, c) / std::sqrt(variance + epsilon_);
      mean_.at<T>(step)[c] = static_cast<T>(mean);
      variance_.at<T>(step)[c] = static_cast<T>(variance);
      scale_.at<T>(step)[c] = static_cast<T>(scale);
      shift_.at<T>(step)[c] = static_cast<T>(beta_.at(step, c) - mean * scale);
    }
  }

 private:
  double epsilon_;
  int64_t channels_, pixels_;
  Operand moments_, mean_, variance_, scale_, shift_;
  ChannelParameter<T> gamma_, beta_;
};

/// The scale and shift of given statistics: those of inference. Without beta and mean the shift is 0, as of gradients.
template <class T>
class BatchNormScale : public TeamCall {
 public:
  explicit BatchNormScale(const CallSpec& s) : epsilon_(s.number("epsilon")), channels_(s.integer("channels", 1)) {
    scale_ = s.shared<T>("scale", channels_), shift_ = s.shared<T>("shift", channels_);
    gamma_ = {s, "gamma", channels_, 1}, beta_ = {s, "beta", channels_, 0};
    mean_ = {s, "mean", channels_, 0};
    variance_ = s.shared<T>("variance", channels_);
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    for (int64_t c = 0; c < channels_; c++) {
      const double scale = gamma_.at(step, c) / std::sqrt(variance_.at<T>(step)[c] + epsilon_);
      scale_.at<T>(step)[c] = static_cast<T>(scale);
      shift_.at<T>(step)[c] = static_cast<T>(beta_.at(step, c) - mean_.at(step, c) * scale);
    }
  }

 private:
  double epsilon_;
  int64_t channels_;
  Operand scale_, shift_, variance_;
  ChannelParameter<T> gamma_, beta_, mean_;
};

/// y = act(x * scale + shift + addend).
template <class T>
class ScaleShift : public PartedCall {
 public:
  explicit ScaleShift(const CallSpec& s) : kernels_(s.kernels<T>().norm) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    relu_ = s.integer("relu", 0, 1) == 1;
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
    scale_ = s.shared<T>("scale", channels_), shift_ = s.shared<T>("shift", channels_);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.apply(y_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                   addend_.present ? addend_.at<T>(step, group) + from : nullptr, scale_.at<T>(step) + first,
                   shift_.at<T>(step) + first, relu_, last - first, pixels_);
  }

 private:
  const NormKernels<T>& kernels_;
  int64_t channels_, pixels_;
  bool relu_;
  Operand y_, x_, addend_, scale_, shift_;
};

/// running = momentum * running + (1 - momentum) * batch, the variance unbiased.
template <class T>
class BatchNormRunning : public TeamCall {
 public:
  explicit BatchNormRunning(const CallSpec& s) : momentum_(s.number("momentum")) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    runningMean_ = s.shared<T>("runningMean", channels_), runningVariance_ = s.shared<T>("runningVariance", channels_);
    mean_ = s.shared<T>("mean", channels_), variance_ = s.shared<T>("variance", channels_);
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    const double samples = static_cast<double>(step.count * pixels_);
    const double unbias = samples > 1 ? samples / (samples - 1) : 1;
    const auto follow = [&](T* running, const T* batch, double factor) {
      for (int64_t c = 0; c < channels_; c++) {
        running[c] = static_cast<T>(momentum_ * running[c] + (1 - momentum_) * factor * batch[c]);
      }
    };
    follow(runningMean_.at<T>(step), mean_.at<T>(step), 1);
    follow(runningVariance_.at<T>(step), variance_.at<T>(step), unbias);
  }

 private:
  double momentum_;
  int64_t channels_, pixels_;
  Operand runningMean_, runningVariance_, mean_, variance_;
};

}  // namespace

const OperatorFactories batchNormMoments = CNNATIVE_FACTORIES(BatchNormMoments);
const OperatorFactories batchNormStatistics = CNNATIVE_FACTORIES(BatchNormStatistics);
const OperatorFactories batchNormScale = CNNATIVE_FACTORIES(BatchNormScale);
const OperatorFactories scaleShift = CNNATIVE_FACTORIES(ScaleShift);
const OperatorFactories batchNormRunning = CNNATIVE_FACTORIES(BatchNormRunning);

}  // namespace cnnative
