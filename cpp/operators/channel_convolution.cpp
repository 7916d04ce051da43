// Convolutions of single samples, lanes over the channels: forward only, for predictions of few samples.
#include <algorithm>

#include "operators/correlation_plan.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

template <class T>
const ChannelKernels<T>& kernelsOf(const CallSpec& s) {
  const ChannelKernels<T>& kernels = s.kernels<T>().channel;
  if (!kernels.correlate) s.fail("expected an instruction set with vectors, received scalar kernels");
  return kernels;
}

/// A convolution with one group, or with one for each channel.
struct Shape {
  explicit Shape(const CallSpec& s) : axes(s), depthwise(s.integer("groups", 1) > 1) {
    // A flipped kernel is packed the other way round, and then is one like any other.
    c.flip = axes.row.step < 0;
    const auto axis = [&](const Axis& any) {
      const Axis a = c.flip ? flipped(any) : any;
      return ChannelAxis{a.in, a.out, a.taps, a.down, a.step, -a.offset};
    };
    c.inputs = s.integer("inputs", 1), c.outputs = s.integer("outputs", 1);
    if (depthwise) {
      if (c.inputs != 1 || c.outputs != 1) s.fail("expected one group, or one input and one output in each");
      c.inputs = c.outputs = s.integer("groups", 1);
    }
    c.row = axis(axes.row), c.column = axis(axes.column);
    taps = s.product({c.row.taps, c.column.taps});
    const int64_t blocks = channelBlocks(c.outputs);
    packed = s.product({blocks, kLanes, depthwise ? 1 : c.inputs, taps});
    weights = s.product({c.outputs, depthwise ? 1 : c.inputs, taps});
    x = s.product({channelBlocks(c.inputs), c.row.in, c.column.in, kLanes});
    y = s.product({blocks, c.row.out, c.column.out, kLanes});
    // What is larger is read once: weights, where each part takes channels of its own, or x, where it takes rows.
    const int64_t tiles = (blocks + kChannelTileBlocks - 1) / kChannelTileBlocks;
    const bool byChannels = depthwise || (packed > x && tiles >= 4);
    c.bandRows = byChannels ? c.row.out : (c.row.out + 7) / 8;
    c.bands = (c.row.out + c.bandRows - 1) / c.bandRows;
    c.partBlocks = depthwise ? 1 : byChannels ? kChannelTileBlocks : blocks;
    // Scratch memory of a part is less than this: rows, columns, and those of a window, for each block.
    const auto reach = [&](const ChannelAxis& a, int64_t places) {
      return s.product({places, a.stride}) + s.product({a.taps, a.dilation});
    };
    s.product({channelBlocks(c.inputs), reach(c.row, c.bandRows), reach(c.column, c.column.out), kLanes});
    c.parts = c.bands * ((blocks + c.partBlocks - 1) / c.partBlocks);
  }

  ConvolutionAxes axes;
  bool depthwise;
  ChannelConvolution c = {};
  int64_t taps, packed, weights, x, y;
};

/// Weights and bias as `channelConvolution` reads them, padded to whole blocks.
template <class T>
class ChannelWeights : public TeamCall {
 public:
  explicit ChannelWeights(const CallSpec& s) : kernels_(kernelsOf<T>(s)), shape_(s) {
    packed_ = s.shared<T>("packed", shape_.packed), w_ = s.shared<T>("w", shape_.weights);
    if (!s.has("bias")) return;
    bias_ = s.shared<T>("bias", shape_.c.outputs);
    packedBias_ = s.shared<T>("packedBias", channelBlocks(shape_.c.outputs) * kLanes);
  }

  int64_t pieces(const Step&) const noexcept override {
    return (channelBlocks(shape_.c.outputs) + kChannelTileBlocks - 1) / kChannelTileBlocks;
  }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kChannelTileBlocks, K = shape_.c.outputs;
    const int64_t last = std::min(first + kChannelTileBlocks, channelBlocks(K));
    const T* w = w_.at<T>(step);
    if (shape_.depthwise) {
      for (int64_t k = first * kLanes; k < last * kLanes; k++) {
        T* to = packed_.at<T>(step) + k / kLanes * shape_.taps * kLanes + k % kLanes;
        for (int64_t t = 0; t < shape_.taps; t++) {
          to[t * kLanes] = k < K ? w[k * shape_.taps + (shape_.c.flip ? shape_.taps - 1 - t : t)] : T(0);
        }
      }
    } else {
      kernels_.pack(packed_.at<T>(step), w, shape_.c, first, last);
    }
    if (!bias_.present) return;
    for (int64_t k = first * kLanes; k < last * kLanes; k++) {
      packedBias_.at<T>(step)[k] = k < K ? bias_.at<T>(step)[k] : T(0);
    }
  }

 private:
  const ChannelKernels<T>& kernels_;
  Shape shape_;
  Operand packed_, w_, bias_, packedBias_;
};

/// y = act(conv(x, w) + bias + addend).
template <class T>
class ChannelConvolutionCall : public PartedCall {
 public:
  explicit ChannelConvolutionCall(const CallSpec& s)
      : kernels_(kernelsOf<T>(s)), shape_(s), relu_(s.integer("relu", 0, 1) == 1) {
    y_ = s.sample<T>("y", shape_.y), x_ = s.sample<T>("x", shape_.x), w_ = s.shared<T>("w", shape_.packed);
    if (s.has("bias")) bias_ = s.shared<T>("bias", channelBlocks(shape_.c.outputs) * kLanes);
    if (s.has("addend")) addend_ = s.sample<T>("addend", shape_.y);
  }

  int64_t scratchBytes() const override {
    const int64_t blocks = shape_.depthwise ? 1 : channelBlocks(shape_.c.inputs);
    return kernels_.scratch(shape_.c, blocks) * static_cast<int64_t>(sizeof(T));
  }
  int64_t parts() const noexcept override { return shape_.c.parts; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    const ChannelEpilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                         addend_.present ? addend_.at<T>(step, group) : nullptr, relu_};
    const auto run = shape_.depthwise ? kernels_.depthwise : kernels_.correlate;
    for (int64_t part = first; part < last; part++) {
      run(y_.at<T>(step, group), x_.at<T>(step, group), w_.at<T>(step), epilogue, shape_.c, part,
          reinterpret_cast<T*>(scratch));
    }
  }

 private:
  const ChannelKernels<T>& kernels_;
  Shape shape_;
  bool relu_;
  Operand y_, x_, w_, bias_, addend_;
};

/// y = act(x * scale + shift + addend), a batch normalisation that no convolution takes in.
template <class T>
class ChannelScaleShift : public PartedCall {
 public:
  explicit ChannelScaleShift(const CallSpec& s) : kernels_(kernelsOf<T>(s)), relu_(s.integer("relu", 0, 1) == 1) {
    blocks_ = channelBlocks(s.integer("channels", 1)), pixels_ = s.integer("pixels", 1);
    const int64_t elements = s.product({blocks_, pixels_, kLanes});
    y_ = s.sample<T>("y", elements), x_ = s.sample<T>("x", elements);
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
    scale_ = s.shared<T>("scale", blocks_ * kLanes), shift_ = s.shared<T>("shift", blocks_ * kLanes);
  }

  int64_t parts() const noexcept override { return blocks_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    kernels_.scaleShift(y_.at<T>(step, group), x_.at<T>(step, group),
                        addend_.present ? addend_.at<T>(step, group) : nullptr, scale_.at<T>(step), shift_.at<T>(step),
                        relu_, pixels_, first, last);
  }

 private:
  const ChannelKernels<T>& kernels_;
  bool relu_;
  int64_t blocks_, pixels_;
  Operand y_, x_, addend_, scale_, shift_;
};

}  // namespace

const OperatorFactories channelWeights = CNNATIVE_FACTORIES(ChannelWeights);
const OperatorFactories channelConvolution = CNNATIVE_FACTORIES(ChannelConvolutionCall);
const OperatorFactories channelScaleShift = CNNATIVE_FACTORIES(ChannelScaleShift);

}  // namespace cnnative
