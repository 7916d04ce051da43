// 1x1 convolutions as products of matrices: the same three directions as convolution.cpp. And predictions through a
// depthwise convolution before.
#include "operators/correlation_plan.h"
#include "operators/operators.h"
#include "operators/tiled_convolution.h"

namespace cnnative {

namespace {

struct Pointwise {
  using Shape = PointwiseShape;
  template <class T>
  using Kernels = PointwiseKernels<T>;

  template <class T>
  static const PointwiseKernels<T>& kernelsOf(const CallSpec& s) {
    const PointwiseKernels<T>& kernels = s.kernels<T>().pointwise;
    if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
    return kernels;
  }

  /// From attributes as `convolution` has them.
  static Shape shapeOf(const CallSpec& s) {
    const ConvolutionAxes a(s);
    const auto whole = [&](const Axis& axis) {
      return axis.taps == 1 && axis.offset == 0 && (axis.out - 1) * axis.down < axis.in;
    };
    if (!whole(a.row) || !whole(a.column)) s.fail("expected a kernel of 1x1 without padding");
    return {s.integer("inputs", 1), s.integer("outputs", 1), a.row.in, a.column.in, a.row.out, a.column.out, a.row.down,
            a.column.down};
  }
  /// Of stride 1 alone: others leave gaps in dx.
  static Shape reversedOf(const CallSpec& s) {
    const Shape f = shapeOf(s);
    if (f.strideHeight != 1 || f.strideWidth != 1 || f.height != f.outputHeight || f.width != f.outputWidth)
      s.fail("expected strides of 1");
    return {f.outputs, f.inputs, f.height, f.width, f.height, f.width, 1, 1};
  }

  static int64_t weights(const CallSpec& s, const Shape& p) { return s.product({p.outputs, p.inputs}); }
  /// [K, C]: reduceBlocks adds them up.
  static int64_t gradients(const CallSpec& s, const Shape& p) { return s.product({p.outputs, p.inputs}); }
  static int64_t gradientChannels(const Shape& p) { return p.outputs; }
};
CNNATIVE_TILED_OPERATORS(Pointwise)

/// y = act(w depthwise(x) + bias + addend): a depthwise convolution whose results never reach memory. For predictions.
template <class T>
class SeparableConvolution : public PartedCall {
 public:
  explicit SeparableConvolution(const CallSpec& s) : SeparableConvolution(s, ConvolutionAxes(s)) {}

  int64_t scratchBytes() const override { return kernels_.correlateScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  int64_t parts() const noexcept override { return kernels_.correlateParts(shape_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                  addend_.present ? addend_.at<T>(step, group) : nullptr, relu_};
    const DepthwiseBefore<T> before = {row_, column_, depthwise_.at<T>(step),
                                       depthwiseBias_.present ? depthwiseBias_.at<T>(step) : nullptr, depthwiseRelu_};
    kernels_.correlateSeparable(y_.at<T>(step, group), x_.at<T>(step, group), before, w_.at<T>(step), epilogue, shape_,
                                first, last, reinterpret_cast<T*>(scratch));
  }

 private:
  SeparableConvolution(const CallSpec& s, const ConvolutionAxes& a)
      : kernels_(Pointwise::kernelsOf<T>(s)),
        row_(a.row),
        column_(a.column),
        shape_{s.integer("inputs", 1), s.integer("outputs", 1), a.row.out, a.column.out, a.row.out, a.column.out, 1, 1},
        relu_(s.integer("relu", 0, 1) == 1),
        depthwiseRelu_(s.integer("depthwiseRelu", 0, 1) == 1) {
    const int64_t elements = outputElements(s, shape_);
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", s.product({shape_.inputs, a.row.in, a.column.in, kLanes}));
    w_ = s.shared<T>("w", s.product({shape_.outputs, shape_.inputs}));
    depthwise_ = s.shared<T>("depthwise", s.product({shape_.inputs, a.row.taps, a.column.taps}));
    if (s.has("depthwiseBias")) depthwiseBias_ = s.shared<T>("depthwiseBias", shape_.inputs);
    if (s.has("bias")) bias_ = s.shared<T>("bias", shape_.outputs);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
  }

  const PointwiseKernels<T>& kernels_;
  Axis row_, column_;
  PointwiseShape shape_;
  bool relu_, depthwiseRelu_;
  Operand y_, x_, w_, depthwise_, depthwiseBias_, bias_, addend_;
};

}  // namespace

const OperatorFactories pointwiseConvolution = CNNATIVE_FACTORIES(PointwiseConvolution);
const OperatorFactories separableConvolution = CNNATIVE_FACTORIES(SeparableConvolution);
const OperatorFactories pointwiseDataGradient = CNNATIVE_FACTORIES(PointwiseDataGradient);
const OperatorFactories pointwiseWeightGradient = CNNATIVE_FACTORIES(PointwiseWeightGradient);

}  // namespace cnnative
