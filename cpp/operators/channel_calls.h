// Convolutions of single samples, lanes over the channels: forward only, for predictions of few samples. One algorithm
// or another is described by a struct with
//
//   Algorithm(spec)                        what its kernels need to know of a convolution
//   outputs                                K
//   x, y, weights, packed                  elements of the operands; weights as its kernels read them
//   parts()                                of a sample
//   scratch(kernels)                       elements a part needs
//   pack(kernels, packed, w, first, last)  weights of blocks first..last of output channels
//   run(kernels, y, x, w, epilogue, part, scratch)
#pragma once

#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

template <class T>
const ChannelKernels<T>& channelKernelsOf(const CallSpec& s) {
  const ChannelKernels<T>& kernels = s.kernels<T>().channel;
  if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
  return kernels;
}

/// Weights and bias as the convolution reads them, padded to whole blocks.
template <class T, class Algorithm>
class ChannelWeightsCall : public TeamCall {
 public:
  explicit ChannelWeightsCall(const CallSpec& s) : kernels_(channelKernelsOf<T>(s)), algorithm_(s) {
    packed_ = s.shared<T>("packed", algorithm_.packed), w_ = s.shared<T>("w", algorithm_.weights);
    if (!s.has("bias")) return;
    bias_ = s.shared<T>("bias", algorithm_.outputs);
    packedBias_ = s.shared<T>("packedBias", channelBlocks(algorithm_.outputs) * kLanes);
  }

  int64_t pieces(const Step&) const noexcept override {
    return (channelBlocks(algorithm_.outputs) + kChannelTileBlocks - 1) / kChannelTileBlocks;
  }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kChannelTileBlocks, K = algorithm_.outputs;
    const int64_t last = std::min(first + kChannelTileBlocks, channelBlocks(K));
    algorithm_.pack(kernels_, packed_.at<T>(step), w_.at<T>(step), first, last);
    if (!bias_.present) return;
    for (int64_t k = first * kLanes; k < last * kLanes; k++) {
      packedBias_.at<T>(step)[k] = k < K ? bias_.at<T>(step)[k] : T(0);
    }
  }

 private:
  const ChannelKernels<T>& kernels_;
  Algorithm algorithm_;
  Operand packed_, w_, bias_, packedBias_;
};

/// y = act(conv(x, w) + bias + addend).
template <class T, class Algorithm>
class ChannelConvolutionCall : public PartedCall {
 public:
  explicit ChannelConvolutionCall(const CallSpec& s)
      : kernels_(channelKernelsOf<T>(s)), algorithm_(s), relu_(s.integer("relu", 0, 1) == 1) {
    y_ = s.sample<T>("y", algorithm_.y), x_ = s.sample<T>("x", algorithm_.x), w_ = s.shared<T>("w", algorithm_.packed);
    if (s.has("bias")) bias_ = s.shared<T>("bias", channelBlocks(algorithm_.outputs) * kLanes);
    if (s.has("addend")) addend_ = s.sample<T>("addend", algorithm_.y);
  }

  int64_t scratchBytes() const override { return algorithm_.scratch(kernels_) * static_cast<int64_t>(sizeof(T)); }
  int64_t parts() const noexcept override { return algorithm_.parts(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                  addend_.present ? addend_.at<T>(step, group) : nullptr, relu_};
    for (int64_t part = first; part < last; part++) {
      algorithm_.run(kernels_, y_.at<T>(step, group), x_.at<T>(step, group), w_.at<T>(step), epilogue, part,
                     reinterpret_cast<T*>(scratch));
    }
  }

 private:
  const ChannelKernels<T>& kernels_;
  Algorithm algorithm_;
  bool relu_;
  Operand y_, x_, w_, bias_, addend_;
};

}  // namespace cnnative
