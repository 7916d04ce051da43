// 1x1 convolutions as products of matrices: the same three directions as convolution.cpp.
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/correlation_plan.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
const PointwiseKernels<T>& kernelsOf(const CallSpec& s) {
  const PointwiseKernels<T>& kernels = s.kernels<T>().pointwise;
  if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
  return kernels;
}

/// The forward convolution, from attributes as `convolution` has them.
PointwiseShape shapeOf(const CallSpec& s) {
  const ConvolutionAxes a(s);
  const auto whole = [&](const Axis& axis) {
    return axis.taps == 1 && axis.offset == 0 && (axis.out - 1) * axis.down < axis.in;
  };
  if (!whole(a.row) || !whole(a.column)) s.fail("expected a kernel of 1x1 without padding");
  return {s.integer("inputs", 1), s.integer("outputs", 1), a.row.in, a.column.in, a.row.out, a.column.out, a.row.down,
          a.column.down};
}

/// The convolution that turns dy into dx: of stride 1 alone.
PointwiseShape reversed(const CallSpec& s) {
  const PointwiseShape f = shapeOf(s);
  if (f.strideHeight != 1 || f.strideWidth != 1 || f.height != f.outputHeight || f.width != f.outputWidth)
    s.fail("expected strides of 1");
  return {f.outputs, f.inputs, f.height, f.width, f.height, f.width, 1, 1};
}

int64_t inputElements(const CallSpec& s, const PointwiseShape& p) {
  return s.product({p.inputs, p.height, p.width, kLanes});
}

int64_t outputElements(const CallSpec& s, const PointwiseShape& p) {
  return s.product({p.outputs, p.outputHeight, p.outputWidth, kLanes});
}

template <class T>
class PointwiseConvolution : public PartedCall {
 public:
  explicit PointwiseConvolution(const CallSpec& s) : kernels_(kernelsOf<T>(s)), activation_(s), shape_(shapeOf(s)) {
    elements_ = outputElements(s, shape_);
    y_ = s.sample<T>("y", elements_), x_ = s.sample<T>("x", inputElements(s, shape_));
    w_ = s.shared<T>("w", s.product({shape_.outputs, shape_.inputs}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", shape_.outputs);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements_);
  }

  int64_t scratchBytes() const override { return kernels_.correlateScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  // An activation behind the kernel works on the whole.
  int64_t parts() const noexcept override { return activation_.function ? 1 : kernels_.correlateParts(shape_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    T* y = y_.at<T>(step, group);
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                  addend_.present ? addend_.at<T>(step, group) : nullptr, activation_.relu};
    if (activation_.function) last = kernels_.correlateParts(shape_);
    kernels_.correlate(y, x_.at<T>(step, group), w_.at<T>(step), epilogue, shape_, first, last,
                       reinterpret_cast<T*>(scratch));
    if (activation_.function) activation_.function->forward(y, y, elements_);
  }

 private:
  const PointwiseKernels<T>& kernels_;
  FusedActivation<T> activation_;
  PointwiseShape shape_;
  Operand y_, x_, w_, bias_, addend_;
  int64_t elements_;
};

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
      : kernels_(kernelsOf<T>(s)),
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

template <class T>
class PointwiseDataGradient : public PartedCall {
 public:
  explicit PointwiseDataGradient(const CallSpec& s) : kernels_(kernelsOf<T>(s)), shape_(reversed(s)) {
    const int64_t elements = outputElements(s, shape_);
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", inputElements(s, shape_));
    w_ = s.shared<T>("w", s.product({shape_.outputs, shape_.inputs}));
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
  }

  int64_t scratchBytes() const override { return kernels_.correlateScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  int64_t parts() const noexcept override { return kernels_.correlateParts(shape_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const Epilogue<T> epilogue = {nullptr, addend_.present ? addend_.at<T>(step, group) : nullptr, false};
    kernels_.correlate(dx_.at<T>(step, group), dy_.at<T>(step, group), w_.at<T>(step), epilogue, shape_, first, last,
                       reinterpret_cast<T*>(scratch));
  }

 private:
  const PointwiseKernels<T>& kernels_;
  PointwiseShape shape_;
  Operand dx_, dy_, w_, addend_;
};

/// One partial dw for each block of samples; reduceBlocks adds them up.
template <class T>
class PointwiseWeightGradient : public PartedCall {
 public:
  explicit PointwiseWeightGradient(const CallSpec& s) : kernels_(kernelsOf<T>(s)), shape_(shapeOf(s)) {
    elements_ = s.product({shape_.outputs, shape_.inputs});
    dw_ = s.shared<T>("dw", s.product({s.mostBlocks(), elements_}));
    dy_ = s.sample<T>("dy", outputElements(s, shape_)), x_ = s.sample<T>("x", inputElements(s, shape_));
  }

  int64_t scratchBytes() const override { return kernels_.gradientScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  // Each part transposes all of x for itself, so parts are few.
  int64_t parts() const noexcept override { return std::min<int64_t>(4, (shape_.outputs + kLanes - 1) / kLanes); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const int64_t part = (shape_.outputs + parts() - 1) / parts();
    T* dw = dw_.at<T>(step) + group / step.groupsPerBlock * elements_;
    kernels_.weightGradient(dw, dy_.at<T>(step, group), x_.at<T>(step, group), group % step.groupsPerBlock != 0, shape_,
                            first * part, std::min(last * part, shape_.outputs), reinterpret_cast<T*>(scratch));
  }

 private:
  const PointwiseKernels<T>& kernels_;
  PointwiseShape shape_;
  Operand dw_, dy_, x_;
  int64_t elements_;
};

}  // namespace

const OperatorFactories pointwiseConvolution = CNNATIVE_FACTORIES(PointwiseConvolution);
const OperatorFactories separableConvolution = CNNATIVE_FACTORIES(SeparableConvolution);
const OperatorFactories pointwiseDataGradient = CNNATIVE_FACTORIES(PointwiseDataGradient);
const OperatorFactories pointwiseWeightGradient = CNNATIVE_FACTORIES(PointwiseWeightGradient);

}  // namespace cnnative
