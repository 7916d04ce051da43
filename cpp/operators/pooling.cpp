// Max and average pooling and their gradients; global pooling has a window of the whole image.
#include "operators/operators.h"

namespace cnnative {

namespace {

Pool poolOf(const CallSpec& s) {
  Pool p = {};
  p.channels = s.integer("channels", 1);
  p.height = s.integer("height", 1), p.width = s.integer("width", 1);
  p.outputHeight = s.integer("outputHeight", 1), p.outputWidth = s.integer("outputWidth", 1);
  p.poolHeight = s.integer("poolHeight", 1), p.poolWidth = s.integer("poolWidth", 1);
  p.strideHeight = s.integer("strideHeight", 1), p.strideWidth = s.integer("strideWidth", 1);
  // A window wholly outside the image would have no largest element.
  p.padTop = s.integer("padTop", 0, p.poolHeight - 1), p.padLeft = s.integer("padLeft", 0, p.poolWidth - 1);
  if ((p.outputHeight - 1) * p.strideHeight - p.padTop >= p.height ||
      (p.outputWidth - 1) * p.strideWidth - p.padLeft >= p.width) {
    s.fail("expected every window to begin inside the image");
  }
  return p;
}

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
  explicit MaxPooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    y_ = s.sample<T>("y", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
  }

  int64_t parts() const noexcept override { return pool_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(pool_, first, last);
    kernels_.maxForward(y_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand y_, x_;
};

template <class T>
class MaxPoolingGradient : public PartedCall {
 public:
  explicit MaxPoolingGradient(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    const int64_t in = s.product({pool_.channels, pool_.height, pool_.width, kLanes});
    const int64_t out = s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes});
    dx_ = s.sample<T>("dx", in), x_ = s.sample<T>("x", in);
    dy_ = s.sample<T>("dy", out), y_ = s.sample<T>("y", out);
  }

  int64_t parts() const noexcept override { return pool_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(pool_, first, last);
    kernels_.maxBackward(dx_.at<T>(step, group) + p.in, dy_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in,
                         y_.at<T>(step, group) + p.out, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand dx_, dy_, x_, y_;
};

template <class T>
class AveragePooling : public PartedCall {
 public:
  explicit AveragePooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    y_ = s.sample<T>("y", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
  }

  int64_t parts() const noexcept override { return pool_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(pool_, first, last);
    kernels_.averageForward(y_.at<T>(step, group) + p.out, x_.at<T>(step, group) + p.in, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand y_, x_;
};

template <class T>
class AveragePoolingGradient : public PartedCall {
 public:
  explicit AveragePoolingGradient(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    dx_ = s.sample<T>("dx", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
    dy_ = s.sample<T>("dy", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
  }

  int64_t parts() const noexcept override { return pool_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const PoolPart p(pool_, first, last);
    kernels_.averageBackward(dx_.at<T>(step, group) + p.in, dy_.at<T>(step, group) + p.out, p.pool);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand dx_, dy_;
};

}  // namespace

const OperatorFactories maxPooling = CNNATIVE_FACTORIES(MaxPooling);
const OperatorFactories maxPoolingGradient = CNNATIVE_FACTORIES(MaxPoolingGradient);
const OperatorFactories averagePooling = CNNATIVE_FACTORIES(AveragePooling);
const OperatorFactories averagePoolingGradient = CNNATIVE_FACTORIES(AveragePoolingGradient);

}  // namespace cnnative
