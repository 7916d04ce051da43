// A loss whose gradient is handed in: loss = sum of dy * y, dx = dy. For gradients of single layers, and their checks.
#include "operators/operators.h"

namespace cnnative {

namespace {

/// loss[L], dx[F, L] of dy[F, L], y[F, L]. Lanes without a sample get zeros, as from every loss. dx may be dy.
template <class T>
class LinearLoss : public SampleCall {
 public:
  explicit LinearLoss(const CallSpec& s) : features_(s.integer("features", 1)) {
    const int64_t elements = s.product({features_, kLanes});
    loss_ = s.sample<T>("loss", kLanes);
    if (s.has("dx")) dx_ = s.sample<T>("dx", elements);
    dy_ = s.sample<T>("dy", elements), y_ = s.sample<T>("y", elements);
  }

  // Plain loops: nothing that is to be fast calls this.
  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    const int64_t count = step.lanes(group);
    T* loss = loss_.at<T>(step, group);
    T* dx = dx_.present ? dx_.at<T>(step, group) : nullptr;
    const T* dy = dy_.at<T>(step, group);
    const T* y = y_.at<T>(step, group);
    for (int64_t l = 0; l < kLanes; l++) loss[l] = 0;
    for (int64_t f = 0; f < features_; f++) {
      for (int64_t l = 0; l < kLanes; l++) {
        const int64_t i = f * kLanes + l;
        const T slope = l < count ? dy[i] : T(0);
        if (l < count) loss[l] += slope * y[i];
        if (dx != nullptr) dx[i] = slope;
      }
    }
  }

 private:
  int64_t features_;
  Operand loss_, dx_, dy_, y_;
};

}  // namespace

const OperatorFactories linearLoss = CNNATIVE_FACTORIES(LinearLoss);

}  // namespace cnnative
