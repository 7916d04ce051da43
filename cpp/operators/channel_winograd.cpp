// Convolutions of single samples by Winograd's algorithm: 3x3 and 5x5 taps with stride 1, one group.
#include "operators/channel_calls.h"
#include "operators/correlation_plan.h"

namespace cnnative {

namespace {

/// Parts that threads can share, where an image is large enough.
constexpr int64_t kParts = 4;
/// The fewest tiles of a part: fewer leave registers of the products idle.
constexpr int64_t kFewestTiles = 6;
/// What the points of a part may take, so that they stay in the L2 cache.
constexpr int64_t kPointBytes = int64_t(384) << 10;

constexpr int64_t over(int64_t a, int64_t b) { return (a + b - 1) / b; }

struct WinogradOnChannels {
  explicit WinogradOnChannels(const CallSpec& s) {
    const ConvolutionAxes axes(s);
    c.flip = axes.row.step < 0;
    const Axis row = c.flip ? flipped(axes.row) : axes.row, column = c.flip ? flipped(axes.column) : axes.column;
    const auto fits = [&row](const Axis& a) { return a.taps == row.taps && a.down == 1 && a.step == 1; };
    if ((row.taps != 3 && row.taps != 5) || !fits(row) || !fits(column) || s.integer("groups", 1) != 1) {
      s.fail("expected a kernel of 3x3 or 5x5 taps, of strides and dilation 1 and one group");
    }
    outputs = s.integer("outputs", 1);
    const int64_t inputs = s.integer("inputs", 1), blocks = channelBlocks(outputs);
    c.image = {row.taps, inputs, outputs, row.in, column.in, row.out, column.out, -row.offset, -column.offset};
    packed = s.product({kWinogradPoints, blocks, kLanes, inputs});
    weights = s.product({outputs, inputs, row.taps, row.taps});
    x = s.product({channelBlocks(inputs), row.in, column.in, kLanes});
    y = s.product({blocks, row.out, column.out, kLanes});

    const int64_t side = winogradSide(row.taps);
    c.tiles = s.product({over(row.out, side), over(column.out, side)});
    // What is larger is read once: weights, where each part takes channels of its own, or patches.
    const int64_t runs = outputs > c.tiles ? std::min(kParts, over(blocks, kChannelTileBlocks)) : 1;
    c.partBlocks = over(over(blocks, runs), kChannelTileBlocks) * kChannelTileBlocks;
    const int64_t tileBytes = s.product({kWinogradPoints * 4, channelBlocks(inputs) + c.partBlocks, kLanes});
    const int64_t fitting = std::max(kFewestTiles, kPointBytes / tileBytes);
    const int64_t shared = std::min(over(kParts, runs), std::max(int64_t(1), c.tiles / kFewestTiles));
    c.bandTiles = over(c.tiles, std::max(over(c.tiles, fitting), shared));
    c.bands = over(c.tiles, c.bandTiles);
    c.parts = c.bands * over(blocks, c.partBlocks);
    s.product({tileBytes, c.bandTiles});
  }

  int64_t parts() const noexcept { return c.parts; }
  template <class T>
  int64_t scratch(const ChannelKernels<T>& kernels) const {
    return kernels.winogradScratch(c);
  }
  template <class T>
  void pack(const ChannelKernels<T>& kernels, T* to, const T* w, int64_t first, int64_t last) const {
    kernels.winogradWeights(to, w, c, first, last);
  }
  template <class T>
  void run(const ChannelKernels<T>& kernels, T* to, const T* from, const T* w, const Epilogue<T>& e, int64_t part,
           T* scratch) const {
    kernels.winograd(to, from, w, e, c, part, scratch);
  }

  ChannelWinograd c = {};
  int64_t outputs, packed, weights, x, y;
};

template <class T>
using ChannelWinogradWeights = ChannelWeightsCall<T, WinogradOnChannels>;
template <class T>
using ChannelWinogradConvolution = ChannelConvolutionCall<T, WinogradOnChannels>;

}  // namespace

const OperatorFactories channelWinogradWeights = CNNATIVE_FACTORIES(ChannelWinogradWeights);
const OperatorFactories channelWinogradConvolution = CNNATIVE_FACTORIES(ChannelWinogradConvolution);

}  // namespace cnnative
