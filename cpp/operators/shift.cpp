// Images moved by whole pixels, mirrored about their outermost pixels where they would end; and the gradient.
#include <algorithm>

#include "operators/image_moves.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// Attributes: channels, height, width, down, right: how far the window lies from the image's corner. The lanes of a
/// pixel stay together, whatever they hold.
template <class T>
class ShiftPlan {
 public:
  /// A pixel.
  struct Lanes {
    T values[kLanes];
  };

  /// `input` and `output` name the operands that hold images before and after, or their gradients.
  ShiftPlan(const CallSpec& s, const char* input, const char* output) {
    size_.channels = s.integer("channels", 1), size_.height = s.integer("height", 1),
    size_.width = s.integer("width", 1);
    down_ = s.integer("down", 1 - size_.height, size_.height - 1);
    right_ = s.integer("right", 1 - size_.width, size_.width - 1);
    const int64_t elements = s.product({size_.channels, size_.height, size_.width, kLanes});
    from_ = s.sample<T>(input, elements), to_ = s.sample<T>(output, elements);
  }

  int64_t channels() const { return size_.channels; }
  int64_t down() const { return down_; }
  int64_t right() const { return right_; }
  ImageSize plane() const { return {1, size_.height, size_.width}; }
  Lanes* from(const Step& step, int64_t group, int64_t channel) const { return at(from_, step, group, channel); }
  Lanes* to(const Step& step, int64_t group, int64_t channel) const { return at(to_, step, group, channel); }

 private:
  Lanes* at(const Operand& operand, const Step& step, int64_t group, int64_t channel) const {
    return reinterpret_cast<Lanes*>(operand.at<T>(step, group)) + channel * size_.pixels();
  }

  ImageSize size_;
  int64_t down_ = 0, right_ = 0;
  Operand from_, to_;
};

/// y = x seen through the window.
template <class T>
class Shift : public PartedCall {
 public:
  explicit Shift(const CallSpec& s) : plan_(s, "x", "y") {}

  int64_t parts() const noexcept override { return plan_.channels(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    using Lanes = typename ShiftPlan<T>::Lanes;
    for (int64_t c = first; c < last; c++) {
      const Lanes* x = plan_.from(step, group, c);
      moveImage<Lanes>(plan_.to(step, group, c), x, plan_.plane(), plan_.down(), plan_.right(), Border::reflect,
                       nullptr);
    }
  }

 private:
  ShiftPlan<T> plan_;
};

/// dx: of each pixel the sum over all places it was seen at.
template <class T>
class ShiftGradient : public PartedCall {
 public:
  explicit ShiftGradient(const CallSpec& s) : plan_(s, "dx", "dy") {}

  int64_t parts() const noexcept override { return plan_.channels(); }

  // Plain loops: views are for evaluations, which need no gradient.
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    using Lanes = typename ShiftPlan<T>::Lanes;
    const ImageSize plane = plan_.plane();
    for (int64_t c = first; c < last; c++) {
      Lanes* dx = plan_.from(step, group, c);
      const Lanes* dy = plan_.to(step, group, c);
      std::fill(dx, dx + plane.pixels(), Lanes{});
      for (int64_t r = 0; r < plane.height; r++) {
        Lanes* row = dx + positionWithin(r + plan_.down(), plane.height, Border::reflect) * plane.width;
        for (int64_t s = 0; s < plane.width; s++, dy++) {
          Lanes& sum = row[positionWithin(s + plan_.right(), plane.width, Border::reflect)];
          for (int64_t l = 0; l < kLanes; l++) sum.values[l] += dy->values[l];
        }
      }
    }
  }

 private:
  ShiftPlan<T> plan_;
};

}  // namespace

const OperatorFactories shift = CNNATIVE_FACTORIES(Shift);
const OperatorFactories shiftGradient = CNNATIVE_FACTORIES(ShiftGradient);

}  // namespace cnnative
