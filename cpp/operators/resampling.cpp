// Images enlarged by whole factors, and the gradient.
#include <algorithm>
#include <vector>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// Bounds the memory of a plan.
constexpr int64_t kMostPositions = int64_t(1) << 24;

/// Attributes: channels, height, width, scaleHeight, scaleWidth.
template <class T>
class ResamplePlan {
 public:
  /// `input` and `output` name the operands that hold small and large images, or their gradients.
  ResamplePlan(const CallSpec& s, const char* input, const char* output) {
    Resample<T>& r = resample_;
    r.channels = s.integer("channels", 1);
    r.height = s.integer("height", 1, kMostPositions), r.width = s.integer("width", 1, kMostPositions);
    const int64_t scaleHeight = s.integer("scaleHeight", 1, kMostPositions / r.height);
    const int64_t scaleWidth = s.integer("scaleWidth", 1, kMostPositions / r.width);
    r.outputHeight = r.height * scaleHeight, r.outputWidth = r.width * scaleWidth;
    image_ = s.sample<T>(input, s.product({r.channels, r.height, r.width, kLanes}));
    enlarged_ = s.sample<T>(output, s.product({r.channels, r.outputHeight, r.outputWidth, kLanes}));
    isBilinear_ = s.word("interpolation") == "bilinear";
    if (!isBilinear_ && s.word("interpolation") != "nearest") {
      s.fail("expected nearest or bilinear for interpolation, received " + s.word("interpolation"));
    }
    rows_ = blends(r.height, scaleHeight), columns_ = blends(r.width, scaleWidth);
    r.rows = rows_.data(), r.columns = columns_.data();
  }
  ResamplePlan(const ResamplePlan&) = delete;  // part() points into this object
  ResamplePlan& operator=(const ResamplePlan&) = delete;

  bool isBilinear() const { return isBilinear_; }
  int64_t channels() const { return resample_.channels; }
  Resample<T> part(int64_t first, int64_t last) const {
    Resample<T> part = resample_;
    part.channels = last - first;
    return part;
  }
  T* image(const Step& step, int64_t group, int64_t channel) const {
    return image_.at<T>(step, group) + channel * resample_.height * resample_.width * kLanes;
  }
  T* enlarged(const Step& step, int64_t group, int64_t channel) const {
    return enlarged_.at<T>(step, group) + channel * resample_.outputHeight * resample_.outputWidth * kLanes;
  }

 private:
  /// Half-pixel centres: output o lies at (o + 1/2) / scale - 1/2; beyond the outermost centres the image goes on as it
  /// ends. Where only one position counts it is taken twice by halves, which is exact and keeps infinities.
  std::vector<Blend<T>> blends(int64_t length, int64_t scale) const {
    std::vector<Blend<T>> all;
    all.reserve(static_cast<size_t>(length * scale));
    for (int64_t o = 0; o < length * scale; o++) {
      const int64_t under = o / scale;
      // Twice the distance from the centre of the position under it, in steps of the output.
      const int64_t twice = 2 * (o % scale) + 1 - scale;
      if (!isBilinear_) {
        all.push_back({under, under, T(0)});
        continue;
      }
      const int64_t first = std::max<int64_t>(twice < 0 ? under - 1 : under, 0);
      const int64_t second = twice == 0 ? first : std::min(twice < 0 ? under : under + 1, length - 1);
      const double way = static_cast<double>(twice < 0 ? twice + 2 * scale : twice) / static_cast<double>(2 * scale);
      all.push_back({first, second, first == second ? T(0.5) : static_cast<T>(way)});
    }
    return all;
  }

  std::vector<Blend<T>> rows_, columns_;
  Resample<T> resample_ = {};
  bool isBilinear_ = false;
  Operand image_, enlarged_;
};

template <class T>
class Resampling : public PartedCall {
 public:
  explicit Resampling(const CallSpec& s) : plan_(s, "x", "y") {
    const ResampleKernels<T>& kernels = s.kernels<T>().resample;
    forward_ = plan_.isBilinear() ? kernels.bilinearForward : kernels.nearestForward;
  }

  int64_t parts() const noexcept override { return plan_.channels(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    forward_(plan_.enlarged(step, group, first), plan_.image(step, group, first), plan_.part(first, last));
  }

 private:
  ResamplePlan<T> plan_;
  void (*forward_)(T*, const T*, const Resample<T>&);
};

template <class T>
class ResamplingGradient : public PartedCall {
 public:
  explicit ResamplingGradient(const CallSpec& s) : plan_(s, "dx", "dy") {
    const ResampleKernels<T>& kernels = s.kernels<T>().resample;
    backward_ = plan_.isBilinear() ? kernels.bilinearBackward : kernels.nearestBackward;
  }

  int64_t parts() const noexcept override { return plan_.channels(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    backward_(plan_.image(step, group, first), plan_.enlarged(step, group, first), plan_.part(first, last));
  }

 private:
  ResamplePlan<T> plan_;
  void (*backward_)(T*, const T*, const Resample<T>&);
};

}  // namespace

const OperatorFactories resampling = CNNATIVE_FACTORIES(Resampling);
const OperatorFactories resamplingGradient = CNNATIVE_FACTORIES(ResamplingGradient);

}  // namespace cnnative
