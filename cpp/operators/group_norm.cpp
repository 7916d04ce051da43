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

/// Sums that dx is made of; partial dgamma and dbeta for each block of samples.
template <class T>
class GroupNormGradientSums : public PartedCall {
 public:
  explicit GroupNormGradientSums(const CallSpec& s) : kernels_(s.kernels<T>().groupNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.groups, shape_.channels, shape_.pixels, kLanes});
    const int64_t statistics = s.product({shape_.groups, 2, kLanes});
    channels_ = shape_.groups * shape_.channels;
    sums_ = s.sample<T>("sums", statistics);
    dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    statistics_ = s.sample<T>("statistics", statistics);
    if (s.has("gamma")) gamma_ = s.shared<T>("gamma", channels_);
    if (s.has("dgamma")) dgamma_ = s.shared<T>("dgamma", s.product({s.mostBlocks(), channels_}));
    if (s.has("dbeta")) dbeta_ = s.shared<T>("dbeta", s.product({s.mostBlocks(), channels_}));
  }

  int64_t parts() const noexcept override { return shape_.groups; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const GroupNormPart p(shape_, first, last);
    const int64_t block = group / step.groupsPerBlock * channels_;
    const auto partial = [&](const Operand& d) { return d.present ? d.at<T>(step) + block + p.parameters : nullptr; };
    kernels_.sums(
        sums_.at<T>(step, group) + p.statistics, partial(dgamma_), partial(dbeta_), dy_.at<T>(step, group) + p.values,
        x_.at<T>(step, group) + p.values, statistics_.at<T>(step, group) + p.statistics,
        gamma_.present ? gamma_.at<T>(step) + p.parameters : nullptr, group % step.groupsPerBlock != 0, p.shape);
  }

 private:
  const GroupNormKernels<T>& kernels_;
  GroupNorm shape_;
  int64_t channels_;
  Operand sums_, dgamma_, dbeta_, dy_, x_, statistics_, gamma_;
};

template <class T>
class GroupNormGradient : public PartedCall {
 public:
  explicit GroupNormGradient(const CallSpec& s) : kernels_(s.kernels<T>().groupNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.groups, shape_.channels, shape_.pixels, kLanes});
    const int64_t statistics = s.product({shape_.groups, 2, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
    statistics_ = s.sample<T>("statistics", statistics), sums_ = s.sample<T>("sums", statistics);
    if (s.has("gamma")) gamma_ = s.shared<T>("gamma", shape_.groups * shape_.channels);
  }

  int64_t parts() const noexcept override { return shape_.groups; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const GroupNormPart p(shape_, first, last);
    kernels_.backward(dx_.at<T>(step, group) + p.values, dy_.at<T>(step, group) + p.values,
                      x_.at<T>(step, group) + p.values, statistics_.at<T>(step, group) + p.statistics,
                      sums_.at<T>(step, group) + p.statistics,
                      gamma_.present ? gamma_.at<T>(step) + p.parameters : nullptr, p.shape);
  }

 private:
  const GroupNormKernels<T>& kernels_;
  GroupNorm shape_;
  Operand dx_, dy_, x_, statistics_, sums_, gamma_;
};

}  // namespace

const OperatorFactories groupNorm = CNNATIVE_FACTORIES(GroupNormForward);
const OperatorFactories groupNormGradient = CNNATIVE_FACTORIES(GroupNormGradient);
const OperatorFactories groupNormGradientSums = CNNATIVE_FACTORIES(GroupNormGradientSums);

}  // namespace cnnative
