// Local response normalisation: y = x / (k + alpha / size * sum of x^2 over a window of channels)^beta (Krizhevsky et
// al., "ImageNet classification with deep convolutional neural networks", 2012).
#include "operators/operators.h"

namespace cnnative {

namespace {

ResponseNorm shapeOf(const CallSpec& s) {
  ResponseNorm shape = {};
  shape.channels = s.integer("channels", 1), shape.pixels = s.integer("pixels", 1);
  const int64_t size = s.integer("size", 1);
  shape.before = size / 2, shape.after = (size - 1) / 2;
  shape.alpha = s.number("alpha") / static_cast<double>(size), shape.beta = s.number("beta"), shape.k = s.number("k");
  return shape;
}

template <class T>
class ResponseNormForward : public PartedCall {
 public:
  explicit ResponseNormForward(const CallSpec& s) : kernels_(s.kernels<T>().responseNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.channels, shape_.pixels, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
  }

  int64_t parts() const noexcept override { return shape_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.forward(y_.at<T>(step, group), x_.at<T>(step, group), shape_, first, last);
  }

 private:
  const ResponseNormKernels<T>& kernels_;
  ResponseNorm shape_;
  Operand y_, x_;
};

template <class T>
class ResponseNormGradient : public PartedCall {
 public:
  explicit ResponseNormGradient(const CallSpec& s) : kernels_(s.kernels<T>().responseNorm), shape_(shapeOf(s)) {
    const int64_t elements = s.product({shape_.channels, shape_.pixels, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), x_ = s.sample<T>("x", elements);
  }

  int64_t scratchBytes() const override { return shape_.channels * kResponseStrip * static_cast<int64_t>(sizeof(T)); }
  int64_t parts() const noexcept override { return shape_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    kernels_.backward(dx_.at<T>(step, group), dy_.at<T>(step, group), x_.at<T>(step, group), shape_, first, last,
                      reinterpret_cast<T*>(scratch));
  }

 private:
  const ResponseNormKernels<T>& kernels_;
  ResponseNorm shape_;
  Operand dx_, dy_, x_;
};

}  // namespace

const OperatorFactories responseNorm = CNNATIVE_FACTORIES(ResponseNormForward);
const OperatorFactories responseNormGradient = CNNATIVE_FACTORIES(ResponseNormGradient);

}  // namespace cnnative
