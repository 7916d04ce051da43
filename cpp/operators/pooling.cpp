// Max and average pooling and their gradients; global pooling has a window of the whole image, adaptive pooling bins.
#include "operators/operators.h"
#include "operators/pool_plan.h"

namespace cnnative {

namespace {

/// Channels first..last of a pooling, and where they begin.
struct PoolPart {
  PoolPart(const Pool& whole, int64_t first, int64_t last) : pool(whole) {
    pool.channels = last - first;
    in = first * whole.height * whole.width * kLanes;
    out = first * whole.outputHeight * whole.outputWidth * kLanes;
  }

  Pool pool;
  int64_t in, out;
};

template <class T>
class MaxPooling : public PartedCall {
 public:
  explicit MaxPooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), plan_(s, "x", "y") {
    y_ = s.sample<T>("y", plan_.outputs());
    x_ = s.sample<T>("x", plan_.inputs());
  }

  int64_t parts() const noexcept override { return plan_.pool().channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(plan_.pool(), first, last);
    kernels_.maxForward(y_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  PoolPlan plan_;
  Operand y_, x_;
};

template <class T>
class MaxPoolingGradient : public PartedCall {
 public:
  explicit MaxPoolingGradient(const CallSpec& s)
      : kernels_(s.kernels<T>().pool), plan_(s, "dx", "dy"), relu_(s.integer("relu", 0, 1) == 1) {
    dx_ = s.sample<T>("dx", plan_.inputs()), x_ = s.sample<T>("x", plan_.inputs());
    dy_ = s.sample<T>("dy", plan_.outputs()), y_ = s.sample<T>("y", plan_.outputs());
  }

  int64_t parts() const noexcept override { return plan_.pool().channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(plan_.pool(), first, last);
    kernels_.maxBackward(dx_.at<T>(step, group) + p.in, dy_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in,
                         y_.at<T>(step, group) + p.out, relu_, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  PoolPlan plan_;
  bool relu_;
  Operand dx_, dy_, x_, y_;
};

template <class T>
class AveragePooling : public PartedCall {
 public:
  explicit AveragePooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), plan_(s, "x", "y") {
    y_ = s.sample<T>("y", plan_.outputs());
    x_ = s.sample<T>("x", plan_.inputs());
  }

  int64_t parts() const noexcept override { return plan_.pool().channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(plan_.pool(), first, last);
    kernels_.averageForward(y_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  PoolPlan plan_;
  Operand y_, x_;
};

template <class T>
class AveragePoolingGradient : public PartedCall {
 public:
  explicit AveragePoolingGradient(const CallSpec& s) : kernels_(s.kernels<T>().pool), plan_(s, "dx", "dy") {
    dx_ = s.sample<T>("dx", plan_.inputs());
    dy_ = s.sample<T>("dy", plan_.outputs());
  }

  int64_t parts() const noexcept override { return plan_.pool().channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(plan_.pool(), first, last);
    kernels_.averageBackward(dx_.at<T>(step, group) + p.in, dy_.at<T>(step, group) + p.out, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  PoolPlan plan_;
  Operand dx_, dy_;
};

}  // namespace

const OperatorFactories maxPooling = CNNATIVE_FACTORIES(MaxPooling);
const OperatorFactories maxPoolingGradient = CNNATIVE_FACTORIES(MaxPoolingGradient);
const OperatorFactories averagePooling = CNNATIVE_FACTORIES(AveragePooling);
const OperatorFactories averagePoolingGradient = CNNATIVE_FACTORIES(AveragePoolingGradient);

}  // namespace cnnative
