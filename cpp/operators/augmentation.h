// What augments the samples of a training step, and what is drawn for it. Every number is that of Philox for the
// model's seed as key and a counter of the sample's number in the whole set, the epoch and the augmentation, so it
// depends neither on threads nor on the batch; lib/augmentations/lower.ts writes the description.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/random/philox.h"
#include "operators/image_moves.h"
#include "program/call_spec.h"
#include "program/step.h"

namespace cnnative {

enum class AugmentKind {
  crop,
  flipColumns,
  flipRows,
  rotation,
  shift,
  scale,
  brightness,
  contrast,
  saturation,
  erase,
  mixup,
  cutmix
};

/// A pixel for each channel, as each type that pixels can have on their way.
struct FillValues {
  std::vector<uint8_t> bytes;
  std::vector<float> floats;
  std::vector<double> doubles;

  void push(double value) {
    bytes.push_back(static_cast<uint8_t>(value));
    floats.push_back(static_cast<float>(value));
    doubles.push_back(value);
  }
  template <class E>
  const E* as() const {
    if constexpr (std::is_same_v<E, uint8_t>) {
      return bytes.data();
    } else if constexpr (std::is_same_v<E, float>) {
      return floats.data();
    } else {
      return doubles.data();
    }
  }
};

struct AugmentStep {
  AugmentKind kind = AugmentKind::crop;
  uint32_t stream = 0;
  uint32_t threshold = 0;  ///< of the upper 24 bits of a word, below which the step is taken
  Border border = Border::fill;
  double a = 0, b = 0;  ///< the range of what is drawn, or its two extents
  bool flag = false;  ///< flips: in turns; rotation, shift, scale: together with the step before; erase: may be cut off
  FillValues ofBytes, ofFloats;  ///< for samples of bytes and of floats
};

/// Words drawn for one step and one sample.
class AugmentDraws {
 public:
  AugmentDraws(uint32_t key0, uint32_t key1) : key0_(key0), key1_(key1) {}

  scalar::PhiloxWords block(const AugmentStep& step, int32_t sample, int64_t epoch, uint32_t number) const {
    return {static_cast<uint32_t>(sample), number, static_cast<uint32_t>(epoch), step.stream, key0_, key1_};
  }

 private:
  uint32_t key0_, key1_;
};

inline double unitOf(uint32_t word) { return (word >> 8) * 0x1p-24; }
inline double between(uint32_t word, double least, double most) { return least + (most - least) * unitOf(word); }
inline int64_t below(uint32_t word, int64_t n) {
  return static_cast<int64_t>((static_cast<uint64_t>(word) * static_cast<uint64_t>(n)) >> 32);
}

/// The sample that another is mixed with.
struct Partner {
  int32_t index = 0;  ///< within the dataset
  double share = 1;   ///< of the sample itself; 1 where nothing is mixed
  Box box;            ///< of cutmix: what is the partner's
};

class Augmentation {
 public:
  /// Reads the attributes that describe it.
  explicit Augmentation(const CallSpec& s);

  const ImageSize& size() const { return size_; }
  const std::vector<AugmentStep>& steps() const { return steps_; }
  const AugmentDraws& draws() const { return draws_; }
  /// Whether all steps move pixels as they are, so that samples of bytes stay bytes.
  bool movesOnly() const { return movesOnly_; }
  /// The step that mixes samples, or the number of steps.
  size_t mixing() const { return mixing_; }
  bool mixes() const { return mixing_ < steps_.size(); }
  /// Whom the sample at a position of the batch is mixed with.
  Partner partnerOf(const Step& step, int64_t position) const;

 private:
  void check(const CallSpec& s, const AugmentStep& step) const;

  ImageSize size_;
  std::vector<AugmentStep> steps_;
  AugmentDraws draws_{0, 0};
  bool movesOnly_ = true;
  size_t mixing_ = 0;
};

}  // namespace cnnative
