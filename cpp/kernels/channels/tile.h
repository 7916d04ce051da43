// A register tile: KB blocks of output channels x PX pixels of a row.
#pragma once

#include "kernels/channels/band.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// The most pixels beside KB blocks that stay in registers with the weights of one input channel.
inline constexpr int kMostPixels[kChannelTileBlocks + 1] = {0, kWidth == 16 ? 16 : 6, 12};
// More than one block only where a block is one register.
inline constexpr int kMostBlocks = kWidth == 16 ? kChannelTileBlocks : 1;

// Blocks of output channels of the next tile.
inline int64_t tileBlocks(int64_t remaining) { return remaining >= kMostBlocks ? kMostBlocks : 1; }

struct Tile {
  float* y;
  const float* x;  // first tap of the first pixel
  const float* w;
  const float* bias;
  const float* addend;
  int64_t yBlock;
};

template <int KB, int PX>
void tile(const Tile& t, const Band& band, const ChannelConvolution& c, bool relu) {
  constexpr int V = KB * kVecs;
  Vec acc[V][PX];
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const Vec start = t.bias ? load(t.bias + v * kWidth) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[v][p] = start;
  }
  const float* w = t.w;
  for (int64_t r = 0; r < c.row.taps; r++) {
    for (int64_t s = 0; s < c.column.taps; s++) {
      const float* x = t.x + r * c.row.dilation * band.row + columnOf(band, c.column, s);
      for (int64_t left = c.inputs; left > 0; left -= kLanes, x += band.block) {
        const int64_t channels = left < kLanes ? left : kLanes;
        CNNATIVE_UNROLL_BY_4
        for (int64_t i = 0; i < channels; i++, w += KB * kLanes) {
          Vec weight[V];
          CNNATIVE_UNROLL
          for (int v = 0; v < V; v++) weight[v] = load(w + v * kWidth);
          CNNATIVE_UNROLL
          for (int p = 0; p < PX; p++) {
            const Vec in = splat(x[p * kLanes + i]);
            CNNATIVE_UNROLL
            for (int v = 0; v < V; v++) acc[v][p] = fma(weight[v], in, acc[v][p]);
          }
        }
      }
    }
  }
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const int64_t at = v / kVecs * t.yBlock + v % kVecs * kWidth;
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      Vec sum = acc[v][p];
      if (t.addend) sum = sum + load(t.addend + at + p * kLanes);
      store(t.y + at + p * kLanes, relu ? max(zero(), sum) : sum);
    }
  }
}

using TileFunction = void (*)(const Tile&, const Band&, const ChannelConvolution&, bool);

template <int KB, int PX>
constexpr TileFunction tileFor() {
  if constexpr (PX <= kMostPixels[KB]) {
    return tile<KB, PX>;
  } else {
    return nullptr;
  }
}

// By the number of pixels.
template <int KB>
inline constexpr TileFunction kTiles[] = {
    nullptr,           tileFor<KB, 1>(),  tileFor<KB, 2>(),  tileFor<KB, 3>(),  tileFor<KB, 4>(),  tileFor<KB, 5>(),
    tileFor<KB, 6>(),  tileFor<KB, 7>(),  tileFor<KB, 8>(),  tileFor<KB, 9>(),  tileFor<KB, 10>(), tileFor<KB, 11>(),
    tileFor<KB, 12>(), tileFor<KB, 13>(), tileFor<KB, 14>(), tileFor<KB, 15>(), tileFor<KB, 16>()};

// Depthwise: no sums over channels, so weights are vectors too.
template <int PX>
CNNATIVE_INLINE void depthwiseTile(const Tile& t, const Band& band, const ChannelConvolution& c, bool relu) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec acc[PX];
    const Vec start = t.bias ? load(t.bias + v) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[p] = start;
    const float* w = t.w + v;
    for (int64_t r = 0; r < c.row.taps; r++) {
      for (int64_t s = 0; s < c.column.taps; s++, w += kLanes) {
        const float* x = t.x + r * c.row.dilation * band.row + columnOf(band, c.column, s) + v;
        const Vec weight = load(w);
        CNNATIVE_UNROLL
        for (int p = 0; p < PX; p++) acc[p] = fma(weight, load(x + p * kLanes), acc[p]);
      }
    }
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      Vec sum = acc[p];
      if (t.addend) sum = sum + load(t.addend + p * kLanes + v);
      store(t.y + p * kLanes + v, relu ? max(zero(), sum) : sum);
    }
  }
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
