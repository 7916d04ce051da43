// A sample while it is augmented: where its pixels are meanwhile, and what each step does to them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

#include "operators/augmentation.h"
#include "operators/image_moves.h"
#include "operators/operators.h"
#include "operators/plane_maps.h"

namespace cnnative {

/// One sample on its way through the steps. E is the element that pixels have meanwhile.
template <class T, class E>
class Canvas {
 public:
  Canvas(const Augmentation& augmentation, const AugmentKernels<T>& kernels, bool bytes, E* row, E* spare,
         void* scratch)
      : augmentation_(augmentation),
        size_(augmentation.size()),
        kernels_(kernels),
        bytes_(bytes),
        row_(row),
        spare_(spare),
        scratch_(scratch) {}

  void load(const DatasetPart& part, int64_t index) {
    const int64_t features = size_.features(), first = index * features;
    const std::byte* x = part.samples.data();
    const auto* asBytes = reinterpret_cast<const uint8_t*>(x) + first;
    if constexpr (std::is_same_v<E, uint8_t>) {
      at_ = asBytes;
    } else if (part.element == Element::uint8) {
      raw_ = asBytes;
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

  const E* pixels() {
    if constexpr (!std::is_same_v<E, uint8_t>) {
      if (raw_) {
        kernels_.fromBytes(row_, raw_, size_.features());
        place(row_);
      }
    }
    return at_;
  }

  /// The image in memory that may be written to.
  E* own() {
    const E* x = pixels();
    if (!own_) copyTo(row_, x);
    return own_;
  }

  /// The image in the row it was given.
  E* finish() {
    const E* x = pixels();
    if (x != row_) copyTo(row_, x);
    return row_;
  }

 private:
  template <class From>
  void convert(const From* x) {
    for (int64_t f = 0; f < size_.features(); f++) row_[f] = static_cast<E>(x[f]);
    place(row_);
  }

  void copyTo(E* y, const E* x) {
    std::memcpy(y, x, static_cast<size_t>(size_.features()) * sizeof(E));
    place(y);
  }

  void place(E* y) {
    at_ = own_ = y;
    raw_ = nullptr;
  }

  /// Memory that the image is not in.
  E* other() { return at_ == row_ ? spare_ : row_; }

  const E* fillOf(const AugmentStep& step) const { return (bytes_ ? step.ofBytes : step.ofFloats).template as<E>(); }

  void crop(const AugmentStep& step, const scalar::PhiloxWords& words) {
    const auto high = static_cast<int64_t>(step.a), wide = static_cast<int64_t>(step.b);
    const int64_t down = below(words.word[1], 2 * high + 1) - high, right = below(words.word[2], 2 * wide + 1) - wide;
    if (down == 0 && right == 0) return;
    const E* x = pixels();
    E* y = other();
    moveImage(y, x, size_, down, right, step.border, fillOf(step));
    place(y);
  }

  /// In turns: the first epoch draws, and those after it flip what the one before did not.
  void flip(const AugmentStep& step, int32_t sample, int64_t epoch, uint32_t draws) {
    const scalar::PhiloxWords words = augmentation_.draws().block(step, sample, step.flag ? 0 : epoch, draws);
    const bool turned = step.flag && epoch % 2 != 0;
    if ((words.upper(0) < step.threshold) == turned) return;
    const E* x = pixels();
    E* y = other();
    if (step.kind == AugmentKind::flipColumns) {
      flipColumns(y, x, size_);
    } else {
      flipRows(y, x, size_);
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
    if (!drawMap(&map, augmentation_, first, last, sample, epoch, draws)) return;
    const AugmentStep& step = augmentation_.steps()[first];
    E* y = other();
    if (raw_) {
      kernels_.warpBytes(y, raw_, size_, map, step.border, fillOf(step), scratch_);
    } else {
      kernels_.warp(y, at_, size_, map, step.border, fillOf(step));
    }
    place(y);
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
  void* scratch_;                 ///< warpScratch() bytes
  const uint8_t* raw_ = nullptr;  ///< the dataset's bytes, until a step needs them as numbers
  const E* at_ = nullptr;
  E* own_ = nullptr;  ///< the same, unless it is the dataset's
};

}  // namespace cnnative
