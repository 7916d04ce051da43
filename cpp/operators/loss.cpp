// Losses against targets in lanes, with the gradient of their sum or mean, and how many answers are right.
#include "operators/lane_weights.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
typename LossKernels<T>::Elementwise elementwise(const LossKernels<T>& k, const std::string& name) {
  if (name == "squaredError") return k.squaredError;
  if (name == "absoluteError") return k.absoluteError;
  if (name == "huber") return k.huber;
  if (name == "hinge") return k.hinge;
  if (name == "logistic") return k.logistic;
  if (name == "binary") return k.binary;
  if (name == "negativeLog") return k.negativeLog;
  if (name == "divergence") return k.divergence;
  return nullptr;
}

/// loss = the weighted loss of each sample; dx = gradient of their mean over the batch, or of their sum.
template <class T>
class Loss : public SampleCall {
 public:
  explicit Loss(const CallSpec& s) : features_(s.integer("features", 1)), mean_(s.integer("mean", 0, 1) == 1) {
    const int64_t elements = s.product({features_, kLanes});
    loss_ = s.sample<T>("loss", kLanes);
    if (s.has("dx")) dx_ = s.sample<T>("dx", elements);
    x_ = s.sample<T>("x", elements), t_ = s.sample<T>("t", elements);
  }

 protected:
  LossScales<T> scales(const Step& step, const LaneWeights<T>& w, T scale) const {
    return {w.of, scale, mean_ ? scale / static_cast<T>(step.count) : scale};
  }
  T* dx(const Step& step, int64_t group) const { return dx_.present ? dx_.at<T>(step, group) : nullptr; }

  int64_t features_;
  bool mean_;
  Operand loss_, dx_, x_, t_;
};

template <class T>
class ElementwiseLoss : public Loss<T> {
 public:
  explicit ElementwiseLoss(const CallSpec& s)
      : Loss<T>(s), function_(elementwise(s.kernels<T>().loss, s.word("function"))) {
    if (!function_) s.fail("expected the name of a loss, received " + s.word("function"));
    scale_ = static_cast<T>(s.number("scale"));
    delta_ = static_cast<T>(s.number("delta"));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    const LaneWeights<T> w(step, group);
    function_(this->loss_.template at<T>(step, group), this->dx(step, group), this->x_.template at<T>(step, group),
              this->t_.template at<T>(step, group), this->scales(step, w, scale_), delta_, this->features_);
  }

 private:
  typename LossKernels<T>::Elementwise function_;
  T scale_, delta_;
};

template <class T>
class CrossEntropy : public Loss<T> {
 public:
  explicit CrossEntropy(const CallSpec& s)
      : Loss<T>(s), kernels_(s.kernels<T>().loss), relative_(s.integer("relative", 0, 1) == 1) {}

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    const LaneWeights<T> w(step, group);
    kernels_.crossEntropy(this->loss_.template at<T>(step, group), this->dx(step, group),
                          this->x_.template at<T>(step, group), this->t_.template at<T>(step, group),
                          this->scales(step, w, T(1)), relative_, this->features_);
  }

 private:
  const LossKernels<T>& kernels_;
  bool relative_;
};

/// correct = 1 where x and t have their first largest element at the same place, else 0; or, with thresholds, the share
/// of elements of which both lie above theirs, or neither.
template <class T>
class CorrectAnswers : public SampleCall {
 public:
  explicit CorrectAnswers(const CallSpec& s)
      : features_(s.integer("features", 1)), largest_(s.integer("largest", 0, 1) == 1) {
    ofX_ = static_cast<T>(s.number("ofX")), ofT_ = static_cast<T>(s.number("ofT"));
    correct_ = s.sample<T>("correct", kLanes);
    x_ = s.sample<T>("x", s.product({features_, kLanes})), t_ = s.sample<T>("t", s.product({features_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* correct = correct_.at<T>(step, group);
    const T *x = x_.at<T>(step, group), *t = t_.at<T>(step, group);
    for (int64_t l = 0; l < kLanes; l++) {
      int64_t same = 0;
      if (largest_) {
        same = placeOfLargest(x + l) == placeOfLargest(t + l) ? features_ : 0;
      } else {
        for (int64_t i = l; i < features_ * kLanes; i += kLanes) same += (x[i] > ofX_) == (t[i] > ofT_) ? 1 : 0;
      }
      correct[l] = static_cast<T>(same) / static_cast<T>(features_);
    }
  }

 private:
  int64_t placeOfLargest(const T* x) const {
    int64_t best = 0;
    for (int64_t k = 1; k < features_; k++) best = x[k * kLanes] > x[best * kLanes] ? k : best;
    return best;
  }

  int64_t features_;
  bool largest_;
  T ofX_, ofT_;
  Operand correct_, x_, t_;
};

}  // namespace

const OperatorFactories elementwiseLoss = CNNATIVE_FACTORIES(ElementwiseLoss);
const OperatorFactories crossEntropy = CNNATIVE_FACTORIES(CrossEntropy);
const OperatorFactories correctAnswers = CNNATIVE_FACTORIES(CorrectAnswers);

}  // namespace cnnative
