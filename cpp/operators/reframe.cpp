// Images padded with zeros and cropped: each is the other's gradient.
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
class Reframe : public PartedCall {
 public:
  explicit Reframe(const CallSpec& s) : kernels_(s.kernels<T>().frame) {
    constexpr int64_t kFar = int64_t(1) << 31;
    frame_.channels = s.integer("channels", 1);
    frame_.height = s.integer("height", 1), frame_.width = s.integer("width", 1);
    frame_.outputHeight = s.integer("outputHeight", 1), frame_.outputWidth = s.integer("outputWidth", 1);
    frame_.top = s.integer("top", -kFar), frame_.left = s.integer("left", -kFar);
    y_ = s.sample<T>("y", s.product({frame_.channels, frame_.outputHeight, frame_.outputWidth, kLanes}));
    x_ = s.sample<T>("x", s.product({frame_.channels, frame_.height, frame_.width, kLanes}));
  }

  int64_t parts() const noexcept override { return frame_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    Frame part = frame_;
    part.channels = last - first;
    const int64_t in = first * part.height * part.width * kLanes;
    const int64_t out = first * part.outputHeight * part.outputWidth * kLanes;
    kernels_.reframe(y_.at<T>(step, group) + out, x_.at<T>(step, group) + in, part);
  }

 private:
  const FrameKernels<T>& kernels_;
  Frame frame_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories reframe = CNNATIVE_FACTORIES(Reframe);

}  // namespace cnnative
