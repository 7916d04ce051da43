// Dense layers. Forward and data gradient are correlations of a 1x1 image; w is stored [outputs, inputs].
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/correlation_plan.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

constexpr Axis kPoint = {1, 1, 1, 1, 1, 1, 0};

/// y = act(w x + bias), from weights packed for it.
template <class T>
class Dense : public PartedCall {
 public:
  explicit Dense(const CallSpec& s) : Dense(s, s.integer("inputs", 1), s.integer("outputs", 1)) {}

  int64_t parts() const noexcept override { return plan_.parts(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr, nullptr, activation_.relu};
    kernels_.correlate(y, x_.at<T>(step, group), w_.at<T>(step), epilogue, plan_.correlation(), first, last);
    if (!activation_.function) return;
    const int64_t begin = first * kPackBlock * kLanes, end = std::min(last * kPackBlock * kLanes, elements_);
    activation_.function->forward(y + begin, y + begin, end - begin);
  }

 private:
  Dense(const CallSpec& s, int64_t inputs, int64_t outputs)
      : kernels_(s.kernels<T>().conv), activation_(s), plan_(inputs, outputs, kPoint, kPoint, false) {
    elements_ = s.product({outputs, kLanes});
    y_ = s.sample<T>("y", elements_);
    x_ = s.sample<T>("x", s.product({inputs, kLanes}));
    w_ = s.shared<T>("w", s.product({outputs, inputs}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", outputs);
  }

  const ConvKernels<T>& kernels_;
  FusedActivation<T> activation_;
  CorrelationPlan plan_;
  Operand y_, x_, w_, bias_;
  int64_t elements_;
};

/// dx = transpose(w) dy: [outputs, inputs] is reduction-major here, so the weights are read as they are.
template <class T>
class DenseDataGradient : public PartedCall {
 public:
  explicit DenseDataGradient(const CallSpec& s)
      : DenseDataGradient(s, s.integer("inputs", 1), s.integer("outputs", 1)) {}

  int64_t parts() const noexcept override { return plan_.parts(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.correlate(dx_.at<T>(step, group), dy_.at<T>(step, group), w_.at<T>(step), {}, plan_.correlation(), first,
                       last);
  }

 private:
  DenseDataGradient(const CallSpec& s, int64_t inputs, int64_t outputs)
      : kernels_(s.kernels<T>().conv), plan_(outputs, inputs, kPoint, kPoint, true) {
    dx_ = s.sample<T>("dx", s.product({inputs, kLanes}));
    dy_ = s.sample<T>("dy", s.product({outputs, kLanes}));
    w_ = s.shared<T>("w", s.product({outputs, inputs}));
  }

  const ConvKernels<T>& kernels_;
  CorrelationPlan plan_;
  Operand dx_, dy_, w_;
};

/// dw over the whole batch, in pieces of input features: no partial sums, so no sum depends on threads.
template <class T>
class DenseWeightGradient : public TeamCall {
 public:
  explicit DenseWeightGradient(const CallSpec& s) : kernels_(s.kernels<T>().dense) {
    inputs_ = s.integer("inputs", 1);
    outputs_ = s.integer("outputs", 1);
    dw_ = s.shared<T>("dw", s.product({outputs_, inputs_}));
    dy_ = s.sample<T>("dy", s.product({outputs_, kLanes}));
    x_ = s.sample<T>("x", s.product({inputs_, kLanes}));
    const int64_t groups = (s.program().batchSize + kLanes - 1) / kLanes;
    scratch_ = s.product({groups, kLanes, kDenseBlock, static_cast<int64_t>(sizeof(T))});
  }

  int64_t scratchBytes() const override { return scratch_; }
  int64_t pieces(const Step&) const noexcept override { return (inputs_ + kDenseBlock - 1) / kDenseBlock; }
  void run(const Step& step, int64_t piece, std::byte* scratch) const noexcept override {
    const int64_t stride = step.sampleBytes / static_cast<int64_t>(sizeof(T));
    const DenseGradientShape g = {step.groups, inputs_, outputs_, stride, stride};
    const int64_t first = piece * kDenseBlock, last = std::min(inputs_, first + kDenseBlock);
    kernels_.weightGradient(dw_.at<T>(step), dy_.at<T>(step, 0), x_.at<T>(step, 0), g, first, last,
                            reinterpret_cast<T*>(scratch));
  }

 private:
  const DenseKernels<T>& kernels_;
  int64_t inputs_, outputs_, scratch_;
  Operand dw_, dy_, x_;
};

}  // namespace

const OperatorFactories dense = CNNATIVE_FACTORIES(Dense);
const OperatorFactories denseDataGradient = CNNATIVE_FACTORIES(DenseDataGradient);
const OperatorFactories denseWeightGradient = CNNATIVE_FACTORIES(DenseWeightGradient);

}  // namespace cnnative
