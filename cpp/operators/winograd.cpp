// 3x3 convolution with stride 1 by Winograd's algorithm: the same three directions as convolution.cpp.
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
    const auto fits = [](const Axis& axis) { return axis.taps == 3 && axis.down == 1 && axis.step == 1; };
    if (!fits(a.row) || !fits(a.column)) s.fail("expected a 3x3 kernel, not flipped, of strides and dilation 1");
    return {s.integer("inputs", 1), s.integer("outputs", 1), a.row.in,        a.column.in, a.row.out,
            a.column.out,           -a.row.offset,           -a.column.offset};
  }
  static Shape reversedOf(const CallSpec& s) {
    const Shape f = shapeOf(s);
    return {f.outputs, f.inputs, f.outputHeight, f.outputWidth, f.height, f.width, 2 - f.padTop, 2 - f.padLeft};
  }

  static int64_t weights(const CallSpec& s, const Shape& p) {
    return s.product({kWinogradPoints, p.outputs, p.inputs});
  }
  /// [9, C, K]: reduceTaps adds them up as [K, C, 9].
  static int64_t gradients(const CallSpec& s, const Shape& p) { return s.product({9, p.outputs, p.inputs}); }
  static int64_t gradientChannels(const Shape& p) { return p.inputs; }
};
CNNATIVE_TILED_OPERATORS(Winograd)

template <class T>
class WinogradWeights : public TeamCall {
 public:
  explicit WinogradWeights(const CallSpec& s) : kernels_(Winograd::kernelsOf<T>(s)) {
    outputs_ = s.integer("outputs", 1), inputs_ = s.integer("inputs", 1);
    swapped_ = s.integer("swapped", 0, 1) == 1;
    u_ = s.shared<T>("packed", s.product({kWinogradPoints, outputs_, inputs_}));
    w_ = s.shared<T>("w", s.product({outputs_, inputs_, 9}));
  }

  int64_t pieces(const Step&) const noexcept override { return (rows() + kWinogradBlock - 1) / kWinogradBlock; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kWinogradBlock, last = std::min(rows(), first + kWinogradBlock);
    kernels_.weights(u_.at<T>(step), w_.at<T>(step), outputs_, inputs_, swapped_, first, last);
  }

 private:
  int64_t rows() const { return swapped_ ? inputs_ : outputs_; }

  const WinogradKernels<T>& kernels_;
  int64_t outputs_, inputs_;
  bool swapped_;
  Operand u_, w_;
};

}  // namespace

const OperatorFactories winogradWeights = CNNATIVE_FACTORIES(WinogradWeights);
const OperatorFactories winogradConvolution = CNNATIVE_FACTORIES(WinogradConvolution);
const OperatorFactories winogradDataGradient = CNNATIVE_FACTORIES(WinogradDataGradient);
const OperatorFactories winogradWeightGradient = CNNATIVE_FACTORIES(WinogradWeightGradient);

}  // namespace cnnative
