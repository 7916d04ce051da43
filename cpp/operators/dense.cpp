// Dense layers; w is stored [outputs, inputs].
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// What forward pass and data gradient have in common: y = epilogue(w x), for one lane group or for two.
template <class T>
class DenseProducts : public PartedCall {
 public:
  int64_t parts() const noexcept final { return (outputs_ + kPackBlock - 1) / kPackBlock; }
  bool pairs() const noexcept final { return true; }

 protected:
  DenseProducts(const CallSpec& s, int64_t inputs, int64_t outputs, bool reductionMajor)
      : outputs_(outputs), kernels_(s.kernels<T>().dense), inputs_(inputs), reductionMajor_(reductionMajor) {
    w_ = s.shared<T>("w", s.product({outputs, inputs}));
  }

  /// Parts first..last of `groups` lane groups.
  void multiply(const Step& step, T* y, const T* x, const Epilogue<T>& epilogue, int64_t groups, int64_t first,
                int64_t last) const noexcept {
    const int64_t stride = step.sampleBytes / static_cast<int64_t>(sizeof(T));
    const DenseShape shape = {inputs_, outputs_, reductionMajor_, groups, stride, stride};
    kernels_.products(y, x, w_.at<T>(step), epilogue, shape, first * kPackBlock, std::min(last * kPackBlock, outputs_));
  }

  const int64_t outputs_;

 private:
  const DenseKernels<T>& kernels_;
  int64_t inputs_;
  bool reductionMajor_;
  Operand w_;
};

/// y = act(w x + bias), from weights packed for it.
template <class T>
class Dense : public DenseProducts<T> {
 public:
  explicit Dense(const CallSpec& s) : Dense(s, s.integer("inputs", 1), s.integer("outputs", 1)) {}

  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    work(step, group, 1, first, last);
  }
  void runPair(const Step& step, int64_t group, std::byte*) const noexcept override {
    work(step, group, 2, 0, this->parts());
  }

 private:
  Dense(const CallSpec& s, int64_t inputs, int64_t outputs)
      : DenseProducts<T>(s, inputs, outputs, false), activation_(s) {
    y_ = s.sample<T>("y", s.product({outputs, kLanes}));
    x_ = s.sample<T>("x", s.product({inputs, kLanes}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", outputs);
  }

  void work(const Step& step, int64_t group, int64_t groups, int64_t first, int64_t last) const noexcept {
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr, nullptr, activation_.relu};
    this->multiply(step, y_.at<T>(step, group), x_.at<T>(step, group), epilogue, groups, first, last);
    if (!activation_.function) return;
    const int64_t begin = first * kPackBlock * kLanes, end = std::min(last * kPackBlock, this->outputs_) * kLanes;
    for (int64_t i = 0; i < groups; i++) {
      T* y = y_.at<T>(step, group + i) + begin;
      activation_.function->forward(y, y, end - begin);
    }
  }

  FusedActivation<T> activation_;
  Operand y_, x_, bias_;
};

/// dx = transpose(w) dy: [outputs, inputs] is reduction-major here, so the weights are read as they are.
template <class T>
class DenseDataGradient : public DenseProducts<T> {
 public:
  explicit DenseDataGradient(const CallSpec& s)
      : DenseDataGradient(s, s.integer("inputs", 1), s.integer("outputs", 1)) {}

  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    this->multiply(step, dx_.at<T>(step, group), dy_.at<T>(step, group), {}, 1, first, last);
  }
  void runPair(const Step& step, int64_t group, std::byte*) const noexcept override {
    this->multiply(step, dx_.at<T>(step, group), dy_.at<T>(step, group), {}, 2, 0, this->parts());
  }

 private:
  DenseDataGradient(const CallSpec& s, int64_t inputs, int64_t outputs) : DenseProducts<T>(s, outputs, inputs, true) {
    dx_ = s.sample<T>("dx", s.product({inputs, kLanes}));
    dy_ = s.sample<T>("dy", s.product({outputs, kLanes}));
  }

  Operand dx_, dy_;
};

/// dw over the whole batch, in pieces of input features: no partial sums, so no sum depends on threads.
template <class T>
class DenseWeightGradient : public TeamCall {
 public:
  explicit DenseWeightGradient(const CallSpec& s) : kernels_(s.kernels<T>().dense), reduce_(s.kernels<T>().reduce) {
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
  const char* result() const noexcept override { return "dw"; }
  bool isFinite(const Step& step, int64_t piece) const noexcept override {
    const int64_t first = piece * kDenseBlock, count = std::min(inputs_ - first, kDenseBlock);
    return reduce_.finite(dw_.at<T>(step) + first, count, inputs_, outputs_);
  }

 private:
  const DenseKernels<T>& kernels_;
  const ReduceKernels<T>& reduce_;
  int64_t inputs_, outputs_, scratch_;
  Operand dw_, dy_, x_;
};

}  // namespace

const OperatorFactories dense = CNNATIVE_FACTORIES(Dense);
const OperatorFactories denseDataGradient = CNNATIVE_FACTORIES(DenseDataGradient);
const OperatorFactories denseWeightGradient = CNNATIVE_FACTORIES(DenseWeightGradient);

}  // namespace cnnative
