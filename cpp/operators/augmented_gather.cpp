// The first call of a training step with augmentation: each sample is augmented into a row of scratch memory, and the
// rows are laid out in lanes as samples are. Samples of bytes stay bytes as long as pixels are only moved. And the
// targets of mixed samples.
#include <cmath>

#include "kernels/scalar_math.h"
#include "operators/augmentation.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// The number under which a partner draws, beside the sample's own: it is augmented in a way of its own.
constexpr uint32_t kPartnerDraws = 16;

/// One sample on its way through the steps. E is the element that pixels have meanwhile.
template <class T, class E>
class Canvas {
 public:
  Canvas(const Augmentation& augmentation, const AugmentKernels<T>& kernels, bool bytes, E* row, E* spare)
      : augmentation_(augmentation),
        size_(augmentation.size()),
        kernels_(kernels),
        bytes_(bytes),
        row_(row),
        spare_(spare) {}

  void load(const DatasetPart& part, int64_t index) {
    const int64_t features = size_.features(), first = index * features;
    const std::byte* x = part.samples.data();
    const auto* asBytes = reinterpret_cast<const uint8_t*>(x) + first;
    if constexpr (std::is_same_v<E, uint8_t>) {
      at_ = asBytes;
    } else if (part.element == Element::uint8) {
      kernels_.fromBytes(row_, asBytes, features);
      place(row_);
    } else if (part.element == elementOf<E>()) {
      at_ = reinterpret_cast<const E*>(x) + first;
    } else if (part.element == Element::float64) {
      convert(reinterpret_cast<const double*>(x) + first);
    } else {
      convert(reinterpret_cast<const float*>(x) + first);
    }
  }

  /// Steps first..last but those that mix.
  void apply(size_t first, size_t last, int32_t sample, int64_t epoch, uint32_t draws) {
    const std::vector<AugmentStep>& steps = augmentation_.steps();
    for (size_t i = first; i < last; i++) {
      const AugmentStep& step = steps[i];
      if (step.kind == AugmentKind::flipColumns || step.kind == AugmentKind::flipRows) {
        flip(step, sample, epoch, draws);
      } else if (isPlaneMap(step.kind)) {
        if constexpr (!std::is_same_v<E, uint8_t>) {
          const size_t begin = i;
          while (i + 1 < last && isPlaneMap(steps[i + 1].kind) && steps[i + 1].flag) i++;
          resample(begin, i + 1, sample, epoch, draws);
        }
      } else {
        const scalar::PhiloxWords words = augmentation_.draws().block(step, sample, epoch, draws);
        if (words.upper(0) >= step.threshold) continue;
        if (step.kind == AugmentKind::crop) {
          crop(step, words);
        } else if (step.kind == AugmentKind::erase) {
          erase(step, words, augmentation_.draws().block(step, sample, epoch, draws + 1));
        } else if constexpr (!std::is_same_v<E, uint8_t>) {
          colour(step, between(words.word[1], step.a, step.b));
        }
      }
    }
  }

  const E* pixels() const { return at_; }

  /// The image in memory that may be written to.
  E* own() {
    if (!own_) copyTo(row_);
    return own_;
  }

  /// The image in the row it was given.
  E* finish() {
    if (at_ != row_) copyTo(row_);
    return row_;
  }

 private:
  template <class From>
  void convert(const From* x) {
    for (int64_t f = 0; f < size_.features(); f++) row_[f] = static_cast<E>(x[f]);
    place(row_);
  }

  void copyTo(E* y) {
    std::memcpy(y, at_, static_cast<size_t>(size_.features()) * sizeof(E));
    place(y);
  }

  void place(E* y) { at_ = own_ = y; }

  /// Memory that the image is not in.
  E* other() { return at_ == row_ ? spare_ : row_; }

  static bool isPlaneMap(AugmentKind kind) {
    return kind == AugmentKind::rotation || kind == AugmentKind::shift || kind == AugmentKind::scale;
  }

  const E* fillOf(const AugmentStep& step) const { return (bytes_ ? step.ofBytes : step.ofFloats).template as<E>(); }

  void crop(const AugmentStep& step, const scalar::PhiloxWords& words) {
    const auto high = static_cast<int64_t>(step.a), wide = static_cast<int64_t>(step.b);
    const int64_t down = below(words.word[1], 2 * high + 1) - high, right = below(words.word[2], 2 * wide + 1) - wide;
    if (down == 0 && right == 0) return;
    E* y = other();
    moveImage(y, at_, size_, down, right, step.border, fillOf(step));
    place(y);
  }

  /// In turns: the first epoch draws, and those after it flip what the one before did not.
  void flip(const AugmentStep& step, int32_t sample, int64_t epoch, uint32_t draws) {
    const scalar::PhiloxWords words = augmentation_.draws().block(step, sample, step.flag ? 0 : epoch, draws);
    const bool turned = step.flag && epoch % 2 != 0;
    if ((words.upper(0) < step.threshold) == turned) return;
    E* y = other();
    if (step.kind == AugmentKind::flipColumns) {
      flipColumns(y, at_, size_);
    } else {
      flipRows(y, at_, size_);
    }
    place(y);
  }

  void erase(const AugmentStep& step, const scalar::PhiloxWords& words, const scalar::PhiloxWords& more) {
    const auto least = static_cast<int64_t>(step.a), sizes = static_cast<int64_t>(step.b) - least + 1;
    const int64_t H = size_.height, W = size_.width;
    Box box;
    if (step.flag) {
      // A square around any pixel, cut off at the edges.
      const int64_t side = least + below(words.word[1], sizes);
      const int64_t top = below(words.word[2], H) - side / 2, left = below(words.word[3], W) - side / 2;
      box = {std::max<int64_t>(0, top), std::min(H, top + side), std::max<int64_t>(0, left), std::min(W, left + side)};
    } else {
      const int64_t high = least + below(words.word[1], sizes), wide = least + below(words.word[2], sizes);
      box.top = below(words.word[3], H - high + 1), box.left = below(more.word[0], W - wide + 1);
      box.bottom = box.top + high, box.right = box.left + wide;
    }
    eraseBox(own(), size_, box, fillOf(step));
  }

  /// Steps first..last, which turn, move and enlarge the image, as one resampling.
  void resample(size_t first, size_t last, int32_t sample, int64_t epoch, uint32_t draws) {
    PlaneMap map;
    bool any = false;
    for (size_t i = first; i < last; i++) {
      const AugmentStep& step = augmentation_.steps()[i];
      const scalar::PhiloxWords words = augmentation_.draws().block(step, sample, epoch, draws);
      if (words.upper(0) >= step.threshold) continue;
      any = true;
      precede(&map, step, words);
    }
    if (!any) return;
    const AugmentStep& step = augmentation_.steps()[first];
    E* y = other();
    kernels_.warp(y, at_, size_, map, step.border, fillOf(step));
    place(y);
  }

  /// The image goes through the step after all before: places are read through the step's inverse first.
  static void precede(PlaneMap* map, const AugmentStep& step, const scalar::PhiloxWords& words) {
    if (step.kind == AugmentKind::shift) {
      const double y = between(words.word[1], -step.a, step.a), x = between(words.word[2], -step.b, step.b);
      map->x0 -= map->xx * x + map->xy * y, map->y0 -= map->yx * x + map->yy * y;
      return;
    }
    const double drawn = between(words.word[1], step.a, step.b);
    double cosine = 1 / drawn, sine = 0;
    if (step.kind == AugmentKind::rotation) scalar::turn(drawn, &cosine, &sine);
    const PlaneMap m = *map;
    map->xx = m.xx * cosine + m.xy * sine, map->xy = m.xy * cosine - m.xx * sine;
    map->yx = m.yx * cosine + m.yy * sine, map->yy = m.yy * cosine - m.yx * sine;
  }

  void colour(const AugmentStep& step, double factor) {
    const T least = bytes_ ? T(0) : static_cast<T>(-HUGE_VAL), most = bytes_ ? T(255) : static_cast<T>(HUGE_VAL);
    const T part = static_cast<T>(factor), rest = static_cast<T>(1 - factor);
    const int64_t features = size_.features(), P = size_.pixels();
    T* y = own();
    if (step.kind == AugmentKind::brightness) {
      kernels_.adjust(y, part, T(0), least, most, features);
    } else if (step.kind == AugmentKind::contrast) {
      kernels_.adjust(y, part, rest * static_cast<T>(mean(y, features)), least, most, features);
    } else {
      // Luma of ITU-R BT.601.
      T* grey = other();
      std::memcpy(grey, y, static_cast<size_t>(P) * sizeof(T));
      kernels_.blend(grey, y + P, T(0.299), T(0.587), P);
      kernels_.blend(grey, y + 2 * P, T(1), T(0.114), P);
      for (int64_t c = 0; c < 3; c++) kernels_.blend(y + c * P, grey, part, rest, P);
      kernels_.adjust(y, T(1), T(0), least, most, features);
    }
  }

  /// Four sums at once, for one would wait for each of its additions.
  static double mean(const T* x, int64_t n) {
    double sums[4] = {};
    for (int64_t i = 0; i < n; i++) sums[i % 4] += static_cast<double>(x[i]);
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) / static_cast<double>(n);
  }

  const Augmentation& augmentation_;
  const ImageSize& size_;
  const AugmentKernels<T>& kernels_;
  bool bytes_;
  E *row_, *spare_;
  const E* at_ = nullptr;
  E* own_ = nullptr;  ///< the same, unless it is the dataset's
};

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
    for (double v : s.numbers("scale", size.channels)) scale_.push_back(static_cast<T>(v));
    for (double v : s.numbers("shift", size.channels)) shift_.push_back(static_cast<T>(v));
  }

  /// A row for each lane, one for the partner, and a spare one.
  int64_t scratchBytes() const override {
    return (kLanes + 2) * augmentation_.size().features() * static_cast<int64_t>(sizeof(T));
  }

  void run(const Step& step, int64_t group, std::byte* scratch) const noexcept override {
    const bool bytes = step.dataset->parts[part_].element == Element::uint8;
    const ImageSize& size = augmentation_.size();
    const int64_t count = step.lanes(group);
    T* y = y_.at<T>(step, group);
    if (bytes && augmentation_.movesOnly()) {
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

  template <class E>
  void augment(const Step& step, int64_t group, E* rows, bool bytes) const {
    const int64_t features = augmentation_.size().features(), count = step.lanes(group);
    const size_t mixing = augmentation_.mixing(), all = augmentation_.steps().size();
    E *partnerRow = rows + kLanes * features, *spare = partnerRow + features;
    for (int64_t l = 0; l < count; l++) {
      const int64_t position = group * kLanes + l;
      const int32_t key = step.keys[position];
      Canvas<T, E> own(augmentation_, kernels_, bytes, rows + l * features, spare);
      own.load(step.dataset->parts[part_], step.indices[position]);
      own.apply(0, mixing, key, step.epoch, 0);
      if (mixing < all) {
        const Partner partner = augmentation_.partnerOf(step, position);
        if (partner.share < 1) {
          // The spare row is free then.
          own.finish();
          Canvas<T, E> other(augmentation_, kernels_, bytes, partnerRow, spare);
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
  Operand y_;
  std::vector<T> scale_, shift_;
};

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

const OperatorFactories augmentedGather = CNNATIVE_FACTORIES(AugmentedGather);
const OperatorFactories mixedLabels = CNNATIVE_FACTORIES(MixedLabels);
const OperatorFactories mixedTargets = CNNATIVE_FACTORIES(MixedTargets);

}  // namespace cnnative
