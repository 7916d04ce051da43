// Convolutions of single samples by definition, and what stands beside them: with one group, or with one for each
// channel.
#include "operators/channel_calls.h"
#include "operators/correlation_plan.h"

namespace cnnative {

namespace {

struct DirectOnChannels {
  explicit DirectOnChannels(const CallSpec& s) : depthwise(s.integer("groups", 1) > 1) {
    const ConvolutionAxes axes(s);
    // A flipped kernel is packed the other way round, and then is one like any other.
    c.flip = axes.row.step < 0;
    const auto axis = [&](const Axis& any) {
      const Axis a = c.flip ? flipped(any) : any;
      return ChannelAxis{a.in, a.out, a.taps, a.down, a.step, -a.offset};
    };
    c.inputs = s.integer("inputs", 1), c.outputs = outputs = s.integer("outputs", 1);
    if (depthwise) {
      if (c.inputs != 1 || c.outputs != 1) s.fail("expected one group, or one input and one output in each");
      c.inputs = c.outputs = outputs = s.integer("groups", 1);
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

  int64_t parts() const noexcept { return c.parts; }
  template <class T>
  int64_t scratch(const ChannelKernels<T>& kernels) const {
    return kernels.scratch(c, depthwise ? 1 : channelBlocks(c.inputs));
  }
  template <class T>
  void pack(const ChannelKernels<T>& kernels, T* to, const T* w, int64_t first, int64_t last) const {
    if (!depthwise) return kernels.pack(to, w, c, first, last);
    for (int64_t k = first * kLanes; k < last * kLanes; k++) {
      T* filter = to + k / kLanes * taps * kLanes + k % kLanes;
      for (int64_t t = 0; t < taps; t++) {
        filter[t * kLanes] = k < outputs ? w[k * taps + (c.flip ? taps - 1 - t : t)] : T(0);
      }
    }
  }
  template <class T>
  void run(const ChannelKernels<T>& kernels, T* to, const T* from, const T* w, const Epilogue<T>& e, int64_t part,
           T* scratch) const {
    (depthwise ? kernels.depthwise : kernels.correlate)(to, from, w, e, c, part, scratch);
  }

  bool depthwise;
  ChannelConvolution c = {};
  int64_t outputs, taps, packed, weights, x, y;
};

template <class T>
using ChannelWeights = ChannelWeightsCall<T, DirectOnChannels>;
template <class T>
using ChannelConvolutionOperator = ChannelConvolutionCall<T, DirectOnChannels>;

/// y = act(x * scale + shift + addend), a batch normalisation that no convolution takes in.
template <class T>
class ChannelScaleShift : public PartedCall {
 public:
  explicit ChannelScaleShift(const CallSpec& s)
      : kernels_(channelKernelsOf<T>(s)), relu_(s.integer("relu", 0, 1) == 1) {
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
const OperatorFactories channelConvolution = CNNATIVE_FACTORIES(ChannelConvolutionOperator);
const OperatorFactories channelScaleShift = CNNATIVE_FACTORIES(ChannelScaleShift);

}  // namespace cnnative
