// 3x3 convolution with stride 1 by Winograd's algorithm: the same three directions as convolution.cpp.
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
const WinogradKernels<T>& kernelsOf(const CallSpec& s) {
  const WinogradKernels<T>& kernels = s.kernels<T>().winograd;
  if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
  return kernels;
}

/// The forward convolution, from attributes as `convolution` has them.
WinogradShape shapeOf(const CallSpec& s) {
  constexpr int64_t kMost = 1 << 20;
  const auto pair = [&](const char* name, double least) {
    const std::vector<double>& v = s.numbers(name, 2);
    if (!(v[0] >= least && v[0] <= kMost && v[1] >= least && v[1] <= kMost))
      s.fail(std::string("expected sizes for ") + name);
    return v;
  };
  const auto in = pair("inputShape", 1), out = pair("outputShape", 1), padding = pair("padding", 0);
  const auto at = [](const std::vector<double>& v, size_t i) { return static_cast<int64_t>(v[i]); };
  return {s.integer("inputs", 1), s.integer("outputs", 1), at(in, 0), at(in, 1), at(out, 0), at(out, 1),
          at(padding, 0),         at(padding, 1)};
}

/// The convolution that turns dy into dx.
WinogradShape reversed(const WinogradShape& s) {
  return {s.outputs, s.inputs, s.outputHeight, s.outputWidth, s.height, s.width, 2 - s.padTop, 2 - s.padLeft};
}

template <class T>
class WinogradWeights : public TeamCall {
 public:
  explicit WinogradWeights(const CallSpec& s) : kernels_(kernelsOf<T>(s)) {
    outputs_ = s.integer("outputs", 1), inputs_ = s.integer("inputs", 1);
    swapped_ = s.integer("swapped", 0, 1) == 1;
    u_ = s.shared<T>("packed", s.product({kWinogradPoints, outputs_, inputs_}));
    w_ = s.shared<T>("w", s.product({outputs_, inputs_, 9}));
  }

  int64_t pieces(const Step&) const noexcept override { return (rows() + kWinogradBlock - 1) / kWinogradBlock; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kWinogradBlock, last = std::min(rows(), first + kWinogradBlock);
    kernels_.weights(u_.at<T>(step), w_.at<T>(step), outputs_, inputs_, swapped_, first, last);
  }

 private:
  int64_t rows() const { return swapped_ ? inputs_ : outputs_; }

  const WinogradKernels<T>& kernels_;
  int64_t outputs_, inputs_;
  bool swapped_;
  Operand u_, w_;
};

template <class T>
class WinogradConvolution : public PartedCall {
 public:
  explicit WinogradConvolution(const CallSpec& s) : kernels_(kernelsOf<T>(s)), activation_(s), shape_(shapeOf(s)) {
    elements_ = s.product({shape_.outputs, shape_.outputHeight, shape_.outputWidth, kLanes});
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", s.product({shape_.inputs, shape_.height, shape_.width, kLanes}));
    w_ = s.shared<T>("w", s.product({kWinogradPoints, shape_.outputs, shape_.inputs}));
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
  const WinogradKernels<T>& kernels_;
  FusedActivation<T> activation_;
  WinogradShape shape_;
  Operand y_, x_, w_, bias_, addend_;
  int64_t elements_;
};

template <class T>
class WinogradDataGradient : public PartedCall {
 public:
  explicit WinogradDataGradient(const CallSpec& s) : kernels_(kernelsOf<T>(s)), shape_(reversed(shapeOf(s))) {
    const int64_t elements = s.product({shape_.outputs, shape_.outputHeight, shape_.outputWidth, kLanes});
    dx_ = s.sample<T>("dx", elements);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
    dy_ = s.sample<T>("dy", s.product({shape_.inputs, shape_.height, shape_.width, kLanes}));
    w_ = s.shared<T>("w", s.product({kWinogradPoints, shape_.outputs, shape_.inputs}));
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
  const WinogradKernels<T>& kernels_;
  WinogradShape shape_;
  Operand dx_, dy_, w_, addend_;
};

/// One partial dw[9, C, K] for each block of samples; reduceTaps adds them up as [K, C, 9].
template <class T>
class WinogradWeightGradient : public PartedCall {
 public:
  explicit WinogradWeightGradient(const CallSpec& s) : kernels_(kernelsOf<T>(s)), shape_(shapeOf(s)) {
    elements_ = s.product({9, shape_.outputs, shape_.inputs});
    dw_ = s.shared<T>("dw", s.product({s.mostBlocks(), elements_}));
    dy_ = s.sample<T>("dy", s.product({shape_.outputs, shape_.outputHeight, shape_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({shape_.inputs, shape_.height, shape_.width, kLanes}));
  }

  int64_t scratchBytes() const override { return kernels_.gradientScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  // Each part transforms all of dy for itself, so parts are few.
  int64_t parts() const noexcept override { return std::min<int64_t>(4, (shape_.inputs + kLanes - 1) / kLanes); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const int64_t part = (shape_.inputs + parts() - 1) / parts();
    T* dw = dw_.at<T>(step) + group / step.groupsPerBlock * elements_;
    kernels_.weightGradient(dw, dy_.at<T>(step, group), x_.at<T>(step, group), group % step.groupsPerBlock != 0, shape_,
                            first * part, std::min(last * part, shape_.inputs), reinterpret_cast<T*>(scratch));
  }

 private:
  const WinogradKernels<T>& kernels_;
  WinogradShape shape_;
  Operand dw_, dy_, x_;
  int64_t elements_;
};

}  // namespace

const OperatorFactories winogradWeights = CNNATIVE_FACTORIES(WinogradWeights);
const OperatorFactories winogradConvolution = CNNATIVE_FACTORIES(WinogradConvolution);
const OperatorFactories winogradDataGradient = CNNATIVE_FACTORIES(WinogradDataGradient);
const OperatorFactories winogradWeightGradient = CNNATIVE_FACTORIES(WinogradWeightGradient);

}  // namespace cnnative
