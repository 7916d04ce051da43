// 3x3 and 5x5 convolution with stride 1 by Winograd's algorithm: the same three directions as convolution.cpp.
#include <algorithm>

#include "operators/correlation_plan.h"
#include "operators/operators.h"
#include "operators/tiled_convolution.h"

namespace cnnative {

namespace {

struct Winograd {
  using Shape = WinogradShape;
  template <class T>
  using Kernels = WinogradKernels<T>;

  template <class T>
  static const WinogradKernels<T>& kernelsOf(const CallSpec& s) {
    const WinogradKernels<T>& kernels = s.kernels<T>().winograd;
    if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
    return kernels;
  }

  /// From attributes as `convolution` has them.
  static Shape shapeOf(const CallSpec& s) {
    const ConvolutionAxes a(s);
    const int64_t taps = a.row.taps;
    const auto fits = [taps](const Axis& axis) { return axis.taps == taps && axis.down == 1 && axis.step == 1; };
    if ((taps != 3 && taps != 5) || !fits(a.row) || !fits(a.column)) {
      s.fail("expected a kernel of 3x3 or 5x5 taps, not flipped, of strides and dilation 1");
    }
    return {taps,      s.integer("inputs", 1), s.integer("outputs", 1), a.row.in,        a.column.in,
            a.row.out, a.column.out,           -a.row.offset,           -a.column.offset};
  }
  static Shape reversedOf(const CallSpec& s) {
    const Shape f = shapeOf(s);
    const int64_t most = f.kernel - 1;
    return {f.kernel, f.outputs, f.inputs,        f.outputHeight,  f.outputWidth,
            f.height, f.width,   most - f.padTop, most - f.padLeft};
  }

  static int64_t weights(const CallSpec& s, const Shape& p) {
    return s.product({kWinogradPoints, p.outputs, p.inputs});
  }
  /// [taps, C, K]: reduceTaps adds them up as [K, C, taps].
  static int64_t gradients(const CallSpec& s, const Shape& p) {
    return s.product({p.kernel * p.kernel, p.outputs, p.inputs});
  }
  static int64_t gradientChannels(const Shape& p) { return p.inputs; }
};
CNNATIVE_TILED_OPERATORS(Winograd)

template <class T>
class WinogradWeights : public TeamCall {
 public:
  explicit WinogradWeights(const CallSpec& s) : kernels_(Winograd::kernelsOf<T>(s)) {
    const int64_t taps = s.integer("taps", 9, 25);
    if (taps != 9 && taps != 25) s.fail("expected taps to be 9 or 25");
    shape_ = {taps == 9 ? 3 : 5, s.integer("outputs", 1), s.integer("inputs", 1), s.integer("swapped", 0, 1) == 1};
    u_ = s.shared<T>("packed", s.product({kWinogradPoints, shape_.outputs, shape_.inputs}));
    w_ = s.shared<T>("w", s.product({shape_.outputs, shape_.inputs, taps}));
  }

  int64_t pieces(const Step&) const noexcept override { return (rows() + kWinogradBlock - 1) / kWinogradBlock; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kWinogradBlock, last = std::min(rows(), first + kWinogradBlock);
    kernels_.weights(u_.at<T>(step), w_.at<T>(step), shape_, first, last);
  }

 private:
  int64_t rows() const { return shape_.swapped ? shape_.inputs : shape_.outputs; }

  const WinogradKernels<T>& kernels_;
  WinogradWeightsShape shape_;
  Operand u_, w_;
};

}  // namespace

const OperatorFactories winogradWeights = CNNATIVE_FACTORIES(WinogradWeights);
const OperatorFactories winogradConvolution = CNNATIVE_FACTORIES(WinogradConvolution);
const OperatorFactories winogradDataGradient = CNNATIVE_FACTORIES(WinogradDataGradient);
const OperatorFactories winogradWeightGradient = CNNATIVE_FACTORIES(WinogradWeightGradient);

}  // namespace cnnative
