#include "operators/augmentation.h"

#include <cmath>

#include "kernels/scalar_math.h"

namespace cnnative {

namespace {

/// Numbers a step is described by: kind, stream, threshold, border, a, b, flag.
constexpr int64_t kStepNumbers = 7;
constexpr int64_t kMostSteps = 256;

bool isMove(AugmentKind kind) {
  switch (kind) {
    case AugmentKind::crop:
    case AugmentKind::flipColumns:
    case AugmentKind::flipRows:
    case AugmentKind::erase:
    case AugmentKind::cutmix:
      return true;
    default:
      return false;
  }
}

/// Symmetric beta distribution, from a number in 0..1, an angle in turns and a sign (Devroye, "Random variate
/// generation in one line of code", 1996): 1/2 + s / (2 sqrt(1 + 1 / ((u^(-1/alpha) - 1) cos^2))).
double symmetricBeta(double alpha, double u, double angle, bool above) {
  double cosine, sine;
  scalar::turn(angle, &cosine, &sine);
  const double excess = scalar::exponentialMinusOne(-scalar::logarithm(u) / alpha);
  const double distance = 0.5 / std::sqrt(1 + 1 / (excess * cosine * cosine));
  return above ? 0.5 + distance : 0.5 - distance;
}

/// A box of `share` of the image, its centre anywhere, cut off at the edges.
Box drawBox(double share, uint32_t wordY, uint32_t wordX, const ImageSize& size) {
  const double side = std::sqrt(share);
  const auto half = [&](int64_t n) { return static_cast<int64_t>(static_cast<double>(n) * side) / 2; };
  const int64_t y = below(wordY, size.height), x = below(wordX, size.width);
  const int64_t high = half(size.height), wide = half(size.width);
  return {std::max<int64_t>(0, y - high), std::min(size.height, y + high), std::max<int64_t>(0, x - wide),
          std::min(size.width, x + wide)};
}

}  // namespace

Augmentation::Augmentation(const CallSpec& s) {
  size_ = {s.integer("channels", 1), s.integer("height", 1), s.integer("width", 1)};
  s.product({size_.channels, size_.height, size_.width});
  const auto word = [&](const char* name) { return static_cast<uint32_t>(s.integer(name, 0, 0xFFFFFFFF)); };
  draws_ = {word("key0"), word("key1")};
  const int64_t count = s.integer("count", 0, kMostSteps), C = size_.channels;
  const std::vector<double>& numbers = s.numbers("steps", count * kStepNumbers);
  const std::vector<double>& bytes = s.numbers("fillBytes", count * C);
  const std::vector<double>& floats = s.numbers("fillFloats", count * C);
  mixing_ = static_cast<size_t>(count);
  for (int64_t i = 0; i < count; i++) {
    const double* n = numbers.data() + i * kStepNumbers;
    const auto whole = [&](int at, double most) {
      if (!(n[at] >= 0 && n[at] <= most) || n[at] != std::floor(n[at])) {
        s.fail("expected whole numbers in range for the steps, received " + std::to_string(n[at]));
      }
      return static_cast<uint32_t>(n[at]);
    };
    AugmentStep step;
    step.kind = static_cast<AugmentKind>(whole(0, static_cast<double>(AugmentKind::cutmix)));
    step.stream = whole(1, 0xFFFFFFFF), step.threshold = whole(2, 0x1p24);
    step.border = static_cast<Border>(whole(3, static_cast<double>(Border::reflect)));
    step.a = n[4], step.b = n[5], step.flag = whole(6, 1) == 1;
    for (int64_t c = 0; c < C; c++) {
      const double value = bytes[static_cast<size_t>(i * C + c)];
      if (!(value >= 0 && value <= 255)) s.fail("expected a fill from 0 to 255, received " + std::to_string(value));
      step.ofBytes.push(value);
      // As a byte, of samples that have none, it is not read.
      step.ofFloats.floats.push_back(static_cast<float>(floats[static_cast<size_t>(i * C + c)]));
      step.ofFloats.doubles.push_back(floats[static_cast<size_t>(i * C + c)]);
    }
    check(s, step);
    if (!isMove(step.kind)) movesOnly_ = false;
    if (step.kind == AugmentKind::mixup || step.kind == AugmentKind::cutmix) {
      if (mixes()) s.fail("expected at most one step that mixes samples, received more");
      mixing_ = static_cast<size_t>(i);
    }
    steps_.push_back(std::move(step));
  }
}

// What would lead a step out of an image, or out of the numbers it can count with.
void Augmentation::check(const CallSpec& s, const AugmentStep& step) const {
  const auto need = [&](bool good) {
    if (!good) {
      s.fail("expected numbers that fit the image for step " + std::to_string(static_cast<int>(step.kind)) +
             ", received " + std::to_string(step.a) + " and " + std::to_string(step.b));
    }
  };
  const auto height = static_cast<double>(size_.height), width = static_cast<double>(size_.width);
  switch (step.kind) {
    case AugmentKind::crop: {
      const double room = step.border == Border::reflect ? 1 : 0;
      need(step.a >= 0 && step.a <= height - room && step.b >= 0 && step.b <= width - room);
      need(step.a == std::floor(step.a) && step.b == std::floor(step.b));
      return;
    }
    case AugmentKind::rotation:
      return need(std::fabs(step.a) <= 1e6 && std::fabs(step.b) <= 1e6);
    case AugmentKind::shift:
      return need(step.a >= 0 && step.a <= height && step.b >= 0 && step.b <= width);
    case AugmentKind::scale:
      return need(step.a >= 1e-3 && step.a <= step.b && step.b <= 1e3);
    case AugmentKind::brightness:
    case AugmentKind::contrast:
      return need(step.a >= 0 && step.a <= step.b && step.b <= 1e6);
    case AugmentKind::saturation:
      return need(step.a >= 0 && step.a <= step.b && step.b <= 1e6 && size_.channels == 3);
    case AugmentKind::erase: {
      const double most = step.flag ? height + width : std::min(height, width);
      return need(step.a >= 1 && step.a <= step.b && step.b <= most && step.a == std::floor(step.a) &&
                  step.b == std::floor(step.b));
    }
    case AugmentKind::mixup:
    case AugmentKind::cutmix:
      return need(step.a > 0 && step.a <= 1e6);
    default:
      return;
  }
}

Partner Augmentation::partnerOf(const Step& step, int64_t position) const {
  const int32_t own = step.indices[position], key = step.keys[position];
  Partner partner;
  partner.index = own;
  if (!mixes()) return partner;
  const AugmentStep& mix = steps_[mixing_];
  const scalar::PhiloxWords first = draws_.block(mix, key, step.epoch, 0);
  if (first.upper(0) >= mix.threshold) return partner;
  const int64_t drawn = below(first.word[1], step.poolSize);
  const int32_t index = step.pool ? step.pool[drawn] : static_cast<int32_t>(drawn);
  // A weight of 0 leaves a sample out, here too.
  const std::vector<double>& weights = step.dataset->weights;
  if (!weights.empty() && weights[static_cast<size_t>(index)] == 0) return partner;
  const scalar::PhiloxWords second = draws_.block(mix, key, step.epoch, 1);
  const double u = (first.upper(2) + 0.5) * 0x1p-24, angle = (first.upper(3) + 0.5) * 0x1p-24;
  const double share = symmetricBeta(mix.a, u, angle, second.word[0] >> 31 != 0);
  partner.index = index, partner.share = share;
  if (mix.kind == AugmentKind::cutmix) {
    partner.box = drawBox(1 - share, second.word[1], second.word[2], size_);
    partner.share = 1 - static_cast<double>(partner.box.area()) / static_cast<double>(size_.pixels());
  }
  return partner;
}

}  // namespace cnnative
