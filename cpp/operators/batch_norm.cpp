// Batch normalisation: y = act((x - mean) / sqrt(variance + epsilon) * gamma + beta), per channel. gamma
// and beta may be left out.
//
// In training mean and variance are the batch's: each lane group gives moments of its own, joined in order by Chan's
// formula
// ("Updating formulae and a pairwise algorithm for computing sample variances", 1979), in double.
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

/// A relu behind a batch normalisation in training, by what it can be known: nothing, its scale and shift, its result.
template <class T>
class Relu {
 public:
  Relu(const CallSpec& s, int64_t channels, int64_t elements) {
    if (s.has("y")) y_ = s.sample<T>("y", elements);
    if (s.has("scale")) scale_ = s.shared<T>("scale", channels), shift_ = s.shared<T>("shift", channels);
  }

  bool hasResult() const { return y_.present; }
  /// From a channel on, whose elements begin at `from`.
  ReluBehind<T> at(const Step& step, int64_t group, int64_t channel, int64_t from) const {
    const bool again = scale_.present;
    return {y_.present ? y_.at<T>(step, group) + from : nullptr, again ? scale_.at<T>(step) + channel : nullptr,
            again ? shift_.at<T>(step) + channel : nullptr};
  }

 private:
  Operand y_, scale_, shift_;
};

/// sums[C, 2] of each lane group, behind the relu.
template <class T>
class BatchNormGradientSums : public PartedCall {
 public:
  explicit BatchNormGradientSums(const CallSpec& s)
      : BatchNormGradientSums(s, s.integer("channels", 1), s.integer("pixels", 1)) {}

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.gradientSums(sums_.at<T>(step, group) + 2 * first,
                          relu_.hasResult() ? masked_.at<T>(step, group) + from : nullptr,
                          dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                          relu_.at(step, group, first, from), mean_.at<T>(step) + first, last - first, pixels_);
  }

 private:
  BatchNormGradientSums(const CallSpec& s, int64_t channels, int64_t pixels)
      : kernels_(s.kernels<T>().norm),
        channels_(channels),
        pixels_(pixels),
        relu_(s, channels, s.product({channels, pixels, kLanes})) {
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    sums_ = s.sample<T>("sums", s.product({channels_, 2}));
    dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    if (relu_.hasResult()) masked_ = s.sample<T>("masked", elements);
    mean_ = s.shared<T>("mean", channels_);
  }

  const NormKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Relu<T> relu_;
  Operand sums_, masked_, dy_, x_, mean_;
};

/// dgamma, dbeta, and the numbers a, b, c of dx = a dy + b x + c: with m = N P samples, s = 1 / sqrt(variance +
/// epsilon), dx = gamma s (dy - sum(dy) / m - (x - mean) s^2 sum(dy (x - mean)) / m)   (Ioffe and Szegedy, 2015).
template <class T>
class BatchNormGradientStatistics : public TeamCall {
 public:
  explicit BatchNormGradientStatistics(const CallSpec& s) : epsilon_(s.number("epsilon")) {
    channels_ = s.integer("channels", 1), pixels_ = s.integer("pixels", 1);
    sums_ = s.sample<T>("sums", s.product({channels_, 2}));
    mean_ = s.shared<T>("mean", channels_), variance_ = s.shared<T>("variance", channels_);
    gamma_ = {s, "gamma", channels_, 1};
    if (s.has("dgamma")) dgamma_ = s.shared<T>("dgamma", channels_);
    if (s.has("dbeta")) dbeta_ = s.shared<T>("dbeta", channels_);
    a_ = s.shared<T>("a", channels_), b_ = s.shared<T>("b", channels_), c_ = s.shared<T>("c", channels_);
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    const double samples = static_cast<double>(step.count * pixels_);
    for (int64_t k = 0; k < channels_; k++) {
      double sum = 0, product = 0;
      for (int64_t group = 0; group < step.groups; group++) {
        sum += sums_.at<T>(step, group)[2 * k];
        product += sums_.at<T>(step, group)[2 * k + 1];
      }
      const double inverse = 1 / std::sqrt(variance_.at<T>(step)[k] + epsilon_), mean = mean_.at<T>(step)[k];
      const double a = gamma_.at(step, k) * inverse, b = -a * inverse * inverse * product / samples;
      if (dgamma_.present) dgamma_.at<T>(step)[k] = static_cast<T>(product * inverse);
      if (dbeta_.present) dbeta_.at<T>(step)[k] = static_cast<T>(sum);
      a_.at<T>(step)[k] = static_cast<T>(a);
      b_.at<T>(step)[k] = static_cast<T>(b);
      c_.at<T>(step)[k] = static_cast<T>(-a * sum / samples - b * mean);
    }
  }

 private:
  double epsilon_;
  int64_t channels_, pixels_;
  Operand sums_, mean_, variance_, dgamma_, dbeta_, a_, b_, c_;
  ChannelParameter<T> gamma_;
};

/// dx = a dy + b x + c, behind the relu if its scale and shift are given.
template <class T>
class BatchNormGradient : public PartedCall {
 public:
  explicit BatchNormGradient(const CallSpec& s)
      : BatchNormGradient(s, s.integer("channels", 1), s.integer("pixels", 1)) {}

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.gradientApply(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                           a_.at<T>(step) + first, b_.at<T>(step) + first, c_.at<T>(step) + first,
                           relu_.at(step, group, first, from), step.lanes(group), last - first, pixels_);
  }

 private:
  BatchNormGradient(const CallSpec& s, int64_t channels, int64_t pixels)
      : kernels_(s.kernels<T>().norm),
        channels_(channels),
        pixels_(pixels),
        relu_(s, channels, s.product({channels, pixels, kLanes})) {
    if (relu_.hasResult()) s.fail("expected scale and shift of the relu, received its result");
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    a_ = s.shared<T>("a", channels_), b_ = s.shared<T>("b", channels_), c_ = s.shared<T>("c", channels_);
  }

  const NormKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Relu<T> relu_;
  Operand dx_, dy_, x_, a_, b_, c_;
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
const OperatorFactories batchNormGradientSums = CNNATIVE_FACTORIES(BatchNormGradientSums);
const OperatorFactories batchNormGradientStatistics = CNNATIVE_FACTORIES(BatchNormGradientStatistics);
const OperatorFactories batchNormGradient = CNNATIVE_FACTORIES(BatchNormGradient);
const OperatorFactories batchNormRunning = CNNATIVE_FACTORIES(BatchNormRunning);

}  // namespace cnnative
