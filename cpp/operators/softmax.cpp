// Softmax over the classes of a sample and its logarithm, their gradients, and cross-entropy on logits.
#include "operators/lane_weights.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Softmax : public SampleCall {
 public:
  explicit Softmax(const CallSpec& s) : Softmax(s, s.kernels<T>().softmax.forward) {}

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    function_(y_.at<T>(step, group), x_.at<T>(step, group), classes_);
  }

 protected:
  using Function = decltype(SoftmaxKernels<T>::forward);
  Softmax(const CallSpec& s, Function function) : function_(function), classes_(s.integer("classes", 1)) {
    y_ = s.sample<T>("y", s.product({classes_, kLanes}));
    x_ = s.sample<T>("x", s.product({classes_, kLanes}));
  }

 private:
  Function function_;
  int64_t classes_;
  Operand y_, x_;
};

template <class T>
class LogSoftmax : public Softmax<T> {
 public:
  explicit LogSoftmax(const CallSpec& s) : Softmax<T>(s, s.kernels<T>().softmax.logForward) {}
};

template <class T>
class SoftmaxGradient : public SampleCall {
 public:
  explicit SoftmaxGradient(const CallSpec& s) : SoftmaxGradient(s, s.kernels<T>().softmax.backward) {}

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    function_(dx_.at<T>(step, group), dy_.at<T>(step, group), y_.at<T>(step, group), classes_);
  }

 protected:
  using Function = decltype(SoftmaxKernels<T>::backward);
  SoftmaxGradient(const CallSpec& s, Function function) : function_(function), classes_(s.integer("classes", 1)) {
    const int64_t elements = s.product({classes_, kLanes});
    dx_ = s.sample<T>("dx", elements), dy_ = s.sample<T>("dy", elements), y_ = s.sample<T>("y", elements);
  }

 private:
  Function function_;
  int64_t classes_;
  Operand dx_, dy_, y_;
};

template <class T>
class LogSoftmaxGradient : public SoftmaxGradient<T> {
 public:
  explicit LogSoftmaxGradient(const CallSpec& s) : SoftmaxGradient<T>(s, s.kernels<T>().softmax.logBackward) {}
};

/// Weighted loss and correctness of each sample; dx = gradient of the mean loss of the batch.
template <class T>
class SoftmaxCrossEntropy : public SampleCall {
 public:
  explicit SoftmaxCrossEntropy(const CallSpec& s)
      : kernels_(s.kernels<T>().softmax), classes_(s.integer("classes", 1)) {
    if (s.program().classes != classes_) s.fail("expected the program's labels to be of as many classes as its logits");
    loss_ = s.sample<T>("loss", kLanes);
    correct_ = s.sample<T>("correct", kLanes);
    if (s.has("dx")) dx_ = s.sample<T>("dx", s.product({classes_, kLanes}));
    x_ = s.sample<T>("x", s.product({classes_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    int32_t labels[kLanes] = {};
    const int64_t count = step.lanes(group);
    for (int64_t l = 0; l < count; l++) {
      labels[l] = step.dataset->labels[static_cast<size_t>(step.indices[group * kLanes + l])];
    }
    T* loss = loss_.at<T>(step, group);
    T* dx = dx_.present ? dx_.at<T>(step, group) : nullptr;
    kernels_.crossEntropy(loss, correct_.at<T>(step, group), dx, x_.at<T>(step, group), labels, count, classes_,
                          T(1) / static_cast<T>(step.count));
    if (!step.dataset->weights.empty()) weigh(loss, dx, LaneWeights<T>(step, group));
  }

 private:
  void weigh(T* loss, T* dx, const LaneWeights<T>& w) const {
    for (int64_t l = 0; l < kLanes; l++) loss[l] *= w.of[l];
    for (int64_t i = 0; dx && i < classes_ * kLanes; i++) dx[i] *= w.of[i % kLanes];
  }

  const SoftmaxKernels<T>& kernels_;
  int64_t classes_;
  Operand loss_, correct_, dx_, x_;
};

}  // namespace

const OperatorFactories softmax = CNNATIVE_FACTORIES(Softmax);
const OperatorFactories softmaxGradient = CNNATIVE_FACTORIES(SoftmaxGradient);
const OperatorFactories logSoftmax = CNNATIVE_FACTORIES(LogSoftmax);
const OperatorFactories logSoftmaxGradient = CNNATIVE_FACTORIES(LogSoftmaxGradient);
const OperatorFactories softmaxCrossEntropy = CNNATIVE_FACTORIES(SoftmaxCrossEntropy);

}  // namespace cnnative
