// Convolution: forward, gradient of the data, gradient of the weights, and the packing of weights both need.
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/correlation_plan.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// packed = w, in the order the kernels read it; `swapped` for the data gradient.
template <class T>
class PackWeights : public TeamCall {
 public:
  explicit PackWeights(const CallSpec& s) : kernels_(s.kernels<T>().conv) {
    shape_ = {s.integer("outputs", 1), s.integer("inputs", 1), s.integer("taps", 1)};
    swapped_ = s.integer("swapped", 0, 1) == 1;
    const int64_t elements = s.product({shape_.outputs, shape_.inputs, shape_.taps});
    packed_ = s.shared<T>("packed", elements);
    w_ = s.shared<T>("w", elements);
    outputs_ = swapped_ ? shape_.inputs : shape_.outputs;
    // Packing copies: a piece of some thousand weights is worth a thread, less is not.
    const int64_t row = elements / outputs_;
    channels_ = kPackBlock * std::max<int64_t>(1, kPieceElements / (row * kPackBlock));
  }

  int64_t pieces(const Step&) const noexcept override { return (outputs_ + channels_ - 1) / channels_; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * channels_, last = std::min(outputs_, first + channels_);
    kernels_.pack(packed_.at<T>(step), w_.at<T>(step), shape_, swapped_, first, last);
  }

 private:
  const ConvKernels<T>& kernels_;
  WeightShape shape_;
  Operand packed_, w_;
  bool swapped_;
  int64_t outputs_, channels_;
};

/// y = act(conv(x, w) + bias).
template <class T>
class Convolution : public SampleCall {
 public:
  explicit Convolution(const CallSpec& s)
      : Convolution(s, ConvolutionAxes(s), s.integer("inputs", 1), s.integer("outputs", 1)) {}

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const T* bias = bias_.present ? bias_.at<T>(step) : nullptr;
    kernels_.correlate(y, x_.at<T>(step, group), w_.at<T>(step), bias, activation_.relu, plan_.correlation());
    if (activation_.function) activation_.function->forward(y, y, elements_);
  }

 private:
  Convolution(const CallSpec& s, const ConvolutionAxes& a, int64_t inputs, int64_t outputs)
      : kernels_(s.kernels<T>().conv), activation_(s), plan_(inputs, outputs, a.row, a.column, false) {
    elements_ = s.product({outputs, a.row.out, a.column.out, kLanes});
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", s.product({inputs, a.row.in, a.column.in, kLanes}));
    w_ = s.shared<T>("w", s.product({outputs, inputs, a.row.taps, a.column.taps}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", outputs);
  }

  const ConvKernels<T>& kernels_;
  FusedActivation<T> activation_;
  CorrelationPlan plan_;
  Operand y_, x_, w_, bias_;
  int64_t elements_;
};

/// dx = the correlation of dy with the same weights, walked backwards.
template <class T>
class ConvolutionDataGradient : public SampleCall {
 public:
  explicit ConvolutionDataGradient(const CallSpec& s)
      : ConvolutionDataGradient(s, ConvolutionAxes(s), s.integer("inputs", 1), s.integer("outputs", 1)) {}

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    kernels_.correlate(dx_.at<T>(step, group), dy_.at<T>(step, group), w_.at<T>(step), nullptr, false,
                       plan_.correlation());
  }

 private:
  ConvolutionDataGradient(const CallSpec& s, const ConvolutionAxes& a, int64_t inputs, int64_t outputs)
      : kernels_(s.kernels<T>().conv), plan_(outputs, inputs, reversed(a.row), reversed(a.column), false) {
    dx_ = s.sample<T>("dx", s.product({inputs, a.row.in, a.column.in, kLanes}));
    dy_ = s.sample<T>("dy", s.product({outputs, a.row.out, a.column.out, kLanes}));
    w_ = s.shared<T>("w", s.product({outputs, inputs, a.row.taps, a.column.taps}));
  }

  const ConvKernels<T>& kernels_;
  CorrelationPlan plan_;
  Operand dx_, dy_, w_;
};

/// One partial dw for each block of samples; reduceBlocks adds them up.
template <class T>
class ConvolutionWeightGradient : public SampleCall {
 public:
  explicit ConvolutionWeightGradient(const CallSpec& s) : kernels_(s.kernels<T>().conv) {
    const ConvolutionAxes a(s);
    gradient_ = {s.integer("inputs", 1), s.integer("outputs", 1), a.row, a.column};
    elements_ = s.product({gradient_.outputs, gradient_.inputs, a.row.taps, a.column.taps});
    dw_ = s.shared<T>("dw", s.product({s.mostBlocks(), elements_}));
    dy_ = s.sample<T>("dy", s.product({gradient_.outputs, a.row.out, a.column.out, kLanes}));
    x_ = s.sample<T>("x", s.product({gradient_.inputs, a.row.in, a.column.in, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* dw = dw_.at<T>(step) + group / step.groupsPerBlock * elements_;
    const bool accumulate = group % step.groupsPerBlock != 0;
    kernels_.weightGradient(dw, dy_.at<T>(step, group), x_.at<T>(step, group), accumulate, gradient_);
  }

 private:
  const ConvKernels<T>& kernels_;
  WeightGradient gradient_;
  Operand dw_, dy_, x_;
  int64_t elements_;
};

}  // namespace

const OperatorFactories packWeights = CNNATIVE_FACTORIES(PackWeights);
const OperatorFactories convolution = CNNATIVE_FACTORIES(Convolution);
const OperatorFactories convolutionDataGradient = CNNATIVE_FACTORIES(ConvolutionDataGradient);
const OperatorFactories convolutionWeightGradient = CNNATIVE_FACTORIES(ConvolutionWeightGradient);

}  // namespace cnnative
