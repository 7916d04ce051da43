// Layer, group and instance normalisation: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the mean and
// the variance of each group of channels of each sample (Wu and He, "Group normalization", 2018).
#include "operators/operators.h"

namespace cnnative {

namespace {

/// Attributes groups, channels (of a group), pixels.
GroupNorm shapeOf(const CallSpec& s) {
  return {s.integer("groups", 1), s.integer("channels", 1), s.integer("pixels", 1)};
}

/// Groups first..last, and where their values, statistics and parameters begin.
struct GroupNormPart {
  GroupNormPart(const GroupNorm& whole, int64_t first, int64_t last) : shape(whole) {
    shape.groups = last - first;
    values = first * whole.channels * whole.pixels * kLanes;
    statistics = first * 2 * kLanes;
    parameters = first * whole.channels;
  }

  GroupNorm shape;
  int64_t values, statistics, parameters;
};

template <class T>
class GroupNormForward : public PartedCall {
 public:
  explicit GroupNormForward(const CallSpec& s)
      : kernels_(s.kernels<T>().groupNorm), shape_(shapeOf(s)), epsilon_(static_cast<T>(s.number("epsilon"))) {
    const int64_t elements = s.product({shape_.groups, shape_.channels, shape_.pixels, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
    statistics_ = s.sample<T>("statistics", s.product({shape_.groups, 2, kLanes}));
    if (s.has("gamma")) gamma_ = s.shared<T>("gamma", shape_.groups * shape_.channels);
    if (s.has("beta")) beta_ = s.shared<T>("beta", shape_.groups * shape_.channels);
  }

  int64_t parts() const noexcept override { return shape_.groups; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const GroupNormPart p(shape_, first, last);
    kernels_.forward(y_.at<T>(step, group) + p.values, statistics_.at<T>(step, group) + p.statistics,
                     x_.at<T>(step, group) + p.values, gamma_.present ? gamma_.at<T>(step) + p.parameters : nullptr,
                     beta_.present ? beta_.at<T>(step) + p.parameters : nullptr, epsilon_, p.shape);
  }

 private:
  const GroupNormKernels<T>& kernels_;
  GroupNorm shape_;
  T epsilon_;
  Operand y_, statistics_, x_, gamma_, beta_;
};

template <class T>
class GroupNormGradient : public PartedCall {
 public:
  explicit GroupNormGradient(const CallSpec& s) : kernels_(s.kernels<T>().groupNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.groups, shape_.channels, shape_.pixels, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    statistics_ = s.sample<T>("statistics", s.product({shape_.groups, 2, kLanes}));
    if (s.has("gamma")) gamma_ = s.shared<T>("gamma", shape_.groups * shape_.channels);
  }

  int64_t parts() const noexcept override { return shape_.groups; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const GroupNormPart p(shape_, first, last);
    kernels_.backward(dx_.at<T>(step, group) + p.values, dy_.at<T>(step, group) + p.values,
                      x_.at<T>(step, group) + p.values, statistics_.at<T>(step, group) + p.statistics,
                      gamma_.present ? gamma_.at<T>(step) + p.parameters : nullptr, p.shape);
  }

 private:
  const GroupNormKernels<T>& kernels_;
  GroupNorm shape_;
  Operand dx_, dy_, x_, statistics_, gamma_;
};

/// One partial dgamma for each block of samples.
template <class T>
class GroupNormGammaGradient : public PartedCall {
 public:
  explicit GroupNormGammaGradient(const CallSpec& s) : kernels_(s.kernels<T>().groupNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.groups, shape_.channels, shape_.pixels, kLanes});
    channels_ = shape_.groups * shape_.channels;
    dgamma_ = s.shared<T>("dgamma", s.product({s.mostBlocks(), channels_}));
    dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    statistics_ = s.sample<T>("statistics", s.product({shape_.groups, 2, kLanes}));
  }

  int64_t parts() const noexcept override { return channels_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    T* dgamma = dgamma_.at<T>(step) + group / step.groupsPerBlock * channels_;
    kernels_.gammaGradient(dgamma, dy_.at<T>(step, group), x_.at<T>(step, group), statistics_.at<T>(step, group),
                           group % step.groupsPerBlock != 0, shape_, first, last);
  }

 private:
  const GroupNormKernels<T>& kernels_;
  GroupNorm shape_;
  int64_t channels_;
  Operand dgamma_, dy_, x_, statistics_;
};

}  // namespace

const OperatorFactories groupNorm = CNNATIVE_FACTORIES(GroupNormForward);
const OperatorFactories groupNormGradient = CNNATIVE_FACTORIES(GroupNormGradient);
const OperatorFactories groupNormGammaGradient = CNNATIVE_FACTORIES(GroupNormGammaGradient);

}  // namespace cnnative
