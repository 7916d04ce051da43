// Targets of samples that augmentation mixes with others.
#include <algorithm>

#include "operators/augmentation.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// y = the share of each sample at the class that is its label, and the partner's at the partner's.
template <class T>
class MixedLabels : public SampleCall {
 public:
  explicit MixedLabels(const CallSpec& s) : augmentation_(s), classes_(s.integer("classes", 1)) {
    if (s.program().classes != classes_) s.fail("expected the program's labels to be of as many classes as its logits");
    y_ = s.sample<T>("y", s.product({classes_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    std::fill(y, y + classes_ * kLanes, T(0));
    const std::vector<int32_t>& labels = step.dataset->labels;
    for (int64_t l = 0; l < step.lanes(group); l++) {
      const int64_t position = group * kLanes + l;
      const Partner partner = augmentation_.partnerOf(step, position);
      y[labels[static_cast<size_t>(step.indices[position])] * kLanes + l] += static_cast<T>(partner.share);
      y[labels[static_cast<size_t>(partner.index)] * kLanes + l] += static_cast<T>(1 - partner.share);
    }
  }

 private:
  Augmentation augmentation_;
  int64_t classes_;
  Operand y_;
};

/// The same of targets. Absent lanes repeat the first sample, as those of inputs do.
template <class T>
class MixedTargets : public SampleCall {
 public:
  explicit MixedTargets(const CallSpec& s) : augmentation_(s), features_(s.integer("features", 1)) {
    if (s.program().targetElements != features_) s.fail("expected features to be the elements of a sample's targets");
    y_ = s.sample<T>("y", s.product({features_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    const DatasetPart& targets = step.dataset->targets;
    const std::byte* x = targets.samples.data();
    if (targets.element == Element::float64) {
      mix(step, group, reinterpret_cast<const double*>(x));
    } else {
      mix(step, group, reinterpret_cast<const float*>(x));
    }
  }

 private:
  template <class E>
  void mix(const Step& step, int64_t group, const E* targets) const {
    T* y = y_.at<T>(step, group);
    const int64_t count = step.lanes(group);
    for (int64_t l = 0; l < kLanes; l++) {
      const int64_t position = group * kLanes + (l < count ? l : 0);
      const Partner partner = augmentation_.partnerOf(step, position);
      const T own = static_cast<T>(partner.share), rest = static_cast<T>(1 - partner.share);
      const E *a = targets + step.indices[position] * features_, *b = targets + partner.index * features_;
      for (int64_t f = 0; f < features_; f++) {
        y[f * kLanes + l] = own * static_cast<T>(a[f]) + rest * static_cast<T>(b[f]);
      }
    }
  }

  Augmentation augmentation_;
  int64_t features_;
  Operand y_;
};

}  // namespace

const OperatorFactories mixedLabels = CNNATIVE_FACTORIES(MixedLabels);
const OperatorFactories mixedTargets = CNNATIVE_FACTORIES(MixedTargets);

}  // namespace cnnative
