// Max pooling and its gradient.
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

template <class T>
class MaxPooling : public SampleCall {
 public:
  explicit MaxPooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    y_ = s.sample<T>("y", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.maxForward(y_.at<T>(step, group), x_.at<T>(step, group), pool_);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand y_, x_;
};

template <class T>
class MaxPoolingGradient : public SampleCall {
 public:
  explicit MaxPoolingGradient(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    const int64_t in = s.product({pool_.channels, pool_.height, pool_.width, kLanes});
    const int64_t out = s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes});
    dx_ = s.sample<T>("dx", in), x_ = s.sample<T>("x", in);
    dy_ = s.sample<T>("dy", out), y_ = s.sample<T>("y", out);
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.maxBackward(dx_.at<T>(step, group), dy_.at<T>(step, group), x_.at<T>(step, group), y_.at<T>(step, group),
                         pool_);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand dx_, dy_, x_, y_;
};

template <class T>
class AveragePooling : public SampleCall {
 public:
  explicit AveragePooling(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    y_ = s.sample<T>("y", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.averageForward(y_.at<T>(step, group), x_.at<T>(step, group), pool_);
  }

 private:
  const PoolKernels<T>& kernels_;
  Pool pool_;
  Operand y_, x_;
};

template <class T>
class AveragePoolingGradient : public SampleCall {
 public:
  explicit AveragePoolingGradient(const CallSpec& s) : kernels_(s.kernels<T>().pool), pool_(poolOf(s)) {
    dx_ = s.sample<T>("dx", s.product({pool_.channels, pool_.height, pool_.width, kLanes}));
    dy_ = s.sample<T>("dy", s.product({pool_.channels, pool_.outputHeight, pool_.outputWidth, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.averageBackward(dx_.at<T>(step, group), dy_.at<T>(step, group), pool_);
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
