// The first call of a training step with augmentation: each sample is augmented into a row of scratch memory, and the
// rows are laid out in lanes as samples are. Samples of bytes stay bytes as long as pixels are only moved.
#include <algorithm>
#include <cmath>

#include "operators/augment_canvas.h"
#include "operators/operators.h"
#include "operators/plane_maps.h"
#include "operators/samples_ahead.h"

namespace cnnative {

namespace {

/// The number under which a partner draws, beside the sample's own: it is augmented in a way of its own.
constexpr uint32_t kPartnerDraws = 16;

template <class T>
class AugmentedGather : public SampleCall {
 public:
  explicit AugmentedGather(const CallSpec& s)
      : data_(s.kernels<T>().data), kernels_(s.kernels<T>().augment), augmentation_(s) {
    const std::vector<int64_t>& inputs = s.program().inputElements;
    part_ = static_cast<size_t>(s.integer("part", 0, static_cast<int64_t>(inputs.size()) - 1));
    const ImageSize& size = augmentation_.size();
    if (size.features() != inputs[part_]) {
      s.fail("expected channels * height * width to be the elements of a sample of the part");
    }
    y_ = s.sample<T>("y", s.product({size.features(), kLanes}));
    inLanes_ = onlyResamples() && isForLanes(size, augmentation_.steps()[0].border);
    for (double v : s.numbers("scale", size.channels)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", size.channels)) shift_.push_back(static_cast<T>(v));
  }

  /// A row for each lane, one for the partner, a spare one, and what resampling needs.
  int64_t scratchBytes() const override {
    const ImageSize& size = augmentation_.size();
    const int64_t rows = (kLanes + 2) * size.features() * static_cast<int64_t>(sizeof(T)) + warpScratch(size);
    return std::max(rows, warpLanesScratch(size));
  }

  void run(const Step& step, int64_t group, std::byte* scratch) const noexcept override {
    const bool bytes = step.dataset->parts[part_].element == Element::uint8;
    const ImageSize& size = augmentation_.size();
    const int64_t count = step.lanes(group);
    T* y = y_.at<T>(step, group);
    if (bytes && inLanes_) {
      resample(step, group, scratch);
    } else if (bytes && augmentation_.movesOnly()) {
      auto* rows = reinterpret_cast<uint8_t*>(scratch);
      augment(step, group, rows, bytes);
      data_.gatherBytes(y, rows, kRows, count, size.channels, size.pixels(), scale_.data(), shift_.data());
    } else {
      T* rows = reinterpret_cast<T*>(scratch);
      augment(step, group, rows, bytes);
      if (bytes) normalise(rows, count);
      gatherRows(y, rows, count, size.features());
    }
  }

 private:
  static constexpr int32_t kRows[kLanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  /// Whether the steps are one resampling, of nothing but whole bytes.
  bool onlyResamples() const {
    const std::vector<AugmentStep>& steps = augmentation_.steps();
    for (size_t i = 0; i < steps.size(); i++) {
      if (!isPlaneMap(steps[i].kind) || (i > 0 && !steps[i].flag)) return false;
      for (size_t c = 0; c < steps[i].ofBytes.bytes.size(); c++) {
        if (steps[i].ofBytes.doubles[c] != steps[i].ofBytes.bytes[c]) return false;
      }
    }
    return !steps.empty();
  }

  void resample(const Step& step, int64_t group, std::byte* scratch) const {
    const ImageSize& size = augmentation_.size();
    const std::vector<AugmentStep>& steps = augmentation_.steps();
    const DatasetPart& part = step.dataset->parts[part_];
    const auto* samples = reinterpret_cast<const uint8_t*>(part.samples.data());
    const int64_t count = step.lanes(group);
    // On their way from memory while maps are drawn.
    askForSamples(step, part, group);
    LaneMaps lanes;
    for (int64_t l = 0; l < kLanes; l++) {
      const int64_t position = group * kLanes + (l < count ? l : 0);
      lanes.samples[l] = samples + step.indices[position] * size.features();
      drawMap(&lanes.maps[l], augmentation_, 0, steps.size(), step.keys[position], step.epoch, 0);
    }
    kernels_.warpLanes(y_.at<T>(step, group), lanes, size, steps[0].border, steps[0].ofBytes.template as<T>(),
                       scale_.data(), shift_.data(), scratch);
  }

  template <class E>
  void augment(const Step& step, int64_t group, E* rows, bool bytes) const {
    const int64_t features = augmentation_.size().features(), count = step.lanes(group);
    const size_t mixing = augmentation_.mixing(), all = augmentation_.steps().size();
    askForSamples(step, step.dataset->parts[part_], group);
    E *partnerRow = rows + kLanes * features, *spare = partnerRow + features, *scratch = spare + features;
    for (int64_t l = 0; l < count; l++) {
      const int64_t position = group * kLanes + l;
      const int32_t key = step.keys[position];
      Canvas<T, E> own(augmentation_, kernels_, bytes, rows + l * features, spare, scratch);
      own.load(step.dataset->parts[part_], step.indices[position]);
      own.apply(0, mixing, key, step.epoch, 0);
      if (mixing < all) {
        const Partner partner = augmentation_.partnerOf(step, position);
        if (partner.share < 1) {
          // The spare row is free then.
          own.finish();
          Canvas<T, E> other(augmentation_, kernels_, bytes, partnerRow, spare, scratch);
          other.load(step.dataset->parts[part_], partner.index);
          other.apply(0, mixing, key, step.epoch, kPartnerDraws);
          mix(own.own(), other.pixels(), partner);
        }
        own.apply(mixing + 1, all, key, step.epoch, 0);
      }
      own.finish();
    }
  }

  template <class E>
  void mix(E* y, const E* x, const Partner& partner) const {
    const ImageSize& size = augmentation_.size();
    if (augmentation_.steps()[augmentation_.mixing()].kind == AugmentKind::cutmix) {
      pasteBox(y, x, size, partner.box);
    } else if constexpr (!std::is_same_v<E, uint8_t>) {
      kernels_.blend(y, x, static_cast<T>(partner.share), static_cast<T>(1 - partner.share), size.features());
    }
  }

  void normalise(T* rows, int64_t count) const {
    const int64_t C = augmentation_.size().channels, P = augmentation_.size().pixels();
    for (int64_t i = 0; i < count * C; i++, rows += P) {
      const auto c = static_cast<size_t>(i % C);
      kernels_.adjust(rows, scale_[c], shift_[c], static_cast<T>(-HUGE_VAL), static_cast<T>(HUGE_VAL), P);
    }
  }

  void gatherRows(T* y, const T* rows, int64_t count, int64_t features) const {
    if constexpr (std::is_same_v<T, float>) {
      data_.gatherFloats(y, rows, kRows, count, features);
    } else {
      data_.gatherDoubles(y, rows, kRows, count, features);
    }
  }

  const DataKernels<T>& data_;
  const AugmentKernels<T>& kernels_;
  Augmentation augmentation_;
  size_t part_;
  bool inLanes_;
  Operand y_;
  std::vector<T> scale_, shift_;
};

}  // namespace

const OperatorFactories augmentedGather = CNNATIVE_FACTORIES(AugmentedGather);

}  // namespace cnnative
