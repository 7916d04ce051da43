// The three directions of a convolution whose kernels work tile by tile, for any family that has `correlateParts`,
// `correlateScratch`, `correlate`, `gradientScratch` and `weightGradient`: Winograd's and the pointwise one.
//
// A family is described by a struct with
//
//   Shape                            what its kernels need to know of a convolution
//   kernelsOf<T>(spec)               its kernels; fails where there are none
//   shapeOf(spec), reversedOf(spec)  the forward convolution, and the one that turns dy into dx
//   weights(spec, shape)             elements of the weights as `correlate` reads them
//   gradients(spec, shape)           elements of a partial dw
//   gradientChannels(shape)          channels that the parts of a weight gradient share
#pragma once

#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/operators.h"

namespace cnnative {

template <class Shape>
int64_t inputElements(const CallSpec& s, const Shape& p) {
  return s.product({p.inputs, p.height, p.width, kLanes});
}

template <class Shape>
int64_t outputElements(const CallSpec& s, const Shape& p) {
  return s.product({p.outputs, p.outputHeight, p.outputWidth, kLanes});
}

/// y = act(conv(x, w) + bias + addend). Or, backwards, dx = act(the convolution of dy with the weights turned + bias +
/// addend): a data gradient, or the forward pass of a transposed convolution.
template <class T, class Family, bool Backwards>
class TiledCorrelate : public PartedCall {
 public:
  explicit TiledCorrelate(const CallSpec& s)
      : kernels_(Family::template kernelsOf<T>(s)),
        activation_(s),
        shape_(Backwards ? Family::reversedOf(s) : Family::shapeOf(s)) {
    elements_ = outputElements(s, shape_);
    y_ = s.sample<T>(Backwards ? "dx" : "y", elements_);
    x_ = s.sample<T>(Backwards ? "dy" : "x", inputElements(s, shape_));
    w_ = s.shared<T>("w", Family::weights(s, shape_));
    if (s.has("bias")) bias_ = s.shared<T>("bias", shape_.outputs);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements_);
  }

  int64_t scratchBytes() const override { return kernels_.correlateScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  // An activation behind the kernel works on the whole.
  int64_t parts() const noexcept override { return activation_.function ? 1 : kernels_.correlateParts(shape_); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    T* y = y_.at<T>(step, group);
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                  addend_.present ? addend_.at<T>(step, group) : nullptr, activation_.relu};
    if (activation_.function) last = kernels_.correlateParts(shape_);
    kernels_.correlate(y, x_.at<T>(step, group), w_.at<T>(step), epilogue, shape_, first, last,
                       reinterpret_cast<T*>(scratch));
    if (activation_.function) activation_.function->forward(y, y, elements_);
  }

 private:
  const typename Family::template Kernels<T>& kernels_;
  FusedActivation<T> activation_;
  typename Family::Shape shape_;
  Operand y_, x_, w_, bias_, addend_;
  int64_t elements_;
};

/// One partial dw for each block of samples.
template <class T, class Family>
class TiledWeightGradient : public PartedCall {
 public:
  explicit TiledWeightGradient(const CallSpec& s)
      : kernels_(Family::template kernelsOf<T>(s)), shape_(Family::shapeOf(s)) {
    elements_ = Family::gradients(s, shape_);
    dw_ = s.shared<T>("dw", s.product({s.mostBlocks(), elements_}));
    dy_ = s.sample<T>("dy", outputElements(s, shape_)), x_ = s.sample<T>("x", inputElements(s, shape_));
  }

  int64_t scratchBytes() const override { return kernels_.gradientScratch(shape_) * static_cast<int64_t>(sizeof(T)); }
  // Each part transforms all of the other side for itself, so parts are few.
  int64_t parts() const noexcept override { return std::min<int64_t>(4, (channels() + kLanes - 1) / kLanes); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const int64_t part = (channels() + parts() - 1) / parts();
    T* dw = dw_.at<T>(step) + group / step.groupsPerBlock * elements_;
    kernels_.weightGradient(dw, dy_.at<T>(step, group), x_.at<T>(step, group), group % step.groupsPerBlock != 0, shape_,
                            first * part, std::min(last * part, channels()), reinterpret_cast<T*>(scratch));
  }

 private:
  int64_t channels() const { return Family::gradientChannels(shape_); }

  const typename Family::template Kernels<T>& kernels_;
  typename Family::Shape shape_;
  Operand dw_, dy_, x_;
  int64_t elements_;
};

/// The three operators of a family, as `CNNATIVE_FACTORIES` takes them.
#define CNNATIVE_TILED_OPERATORS(Family)                        \
  template <class T>                                            \
  using Family##Convolution = TiledCorrelate<T, Family, false>; \
  template <class T>                                            \
  using Family##DataGradient = TiledCorrelate<T, Family, true>; \
  template <class T>                                            \
  using Family##WeightGradient = TiledWeightGradient<T, Family>;

}  // namespace cnnative
