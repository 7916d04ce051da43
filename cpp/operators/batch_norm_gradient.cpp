// Gradients of batch normalisation by the statistics of the batch, with those of a relu behind it.
#include <cmath>

#include "operators/channel_parameter.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

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
      : kernels_(s.kernels<T>().norm),
        channels_(s.integer("channels", 1)),
        pixels_(s.integer("pixels", 1)),
        relu_(s, channels_, s.product({channels_, pixels_, kLanes})) {
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    sums_ = s.sample<T>("sums", s.product({channels_, 2}));
    dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    if (relu_.hasResult()) masked_ = s.sample<T>("masked", elements);
    mean_ = s.shared<T>("mean", channels_);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.gradientSums(sums_.at<T>(step, group) + 2 * first,
                          relu_.hasResult() ? masked_.at<T>(step, group) + from : nullptr,
                          dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                          relu_.at(step, group, first, from), mean_.at<T>(step) + first, last - first, pixels_);
  }

 private:
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
      : kernels_(s.kernels<T>().norm),
        channels_(s.integer("channels", 1)),
        pixels_(s.integer("pixels", 1)),
        relu_(s, channels_, s.product({channels_, pixels_, kLanes})) {
    if (relu_.hasResult()) s.fail("expected scale and shift of the relu, received its result");
    const int64_t elements = s.product({channels_, pixels_, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    a_ = s.shared<T>("a", channels_), b_ = s.shared<T>("b", channels_), c_ = s.shared<T>("c", channels_);
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t from = first * pixels_ * kLanes;
    kernels_.gradientApply(dx_.at<T>(step, group) + from, dy_.at<T>(step, group) + from, x_.at<T>(step, group) + from,
                           a_.at<T>(step) + first, b_.at<T>(step) + first, c_.at<T>(step) + first,
                           relu_.at(step, group, first, from), step.lanes(group), last - first, pixels_);
  }

 private:
  const NormKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Relu<T> relu_;
  Operand dx_, dy_, x_, a_, b_, c_;
};

}  // namespace

const OperatorFactories batchNormGradientSums = CNNATIVE_FACTORIES(BatchNormGradientSums);
const OperatorFactories batchNormGradientStatistics = CNNATIVE_FACTORIES(BatchNormGradientStatistics);
const OperatorFactories batchNormGradient = CNNATIVE_FACTORIES(BatchNormGradient);

}  // namespace cnnative
