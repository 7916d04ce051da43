// A register tile: V vectors of output channels x PX pixels of a row.
#pragma once

#include "kernels/channels/band.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// More than one block only where a block is one register.
inline constexpr int kMostBlocks = kWidth == 16 ? kChannelTileBlocks : 1;
// The most vectors of a tile.
inline constexpr int kMostVectors = kMostBlocks * kVecs;

// The most pixels beside so many vectors that stay in registers with the weights of one input channel.
constexpr int mostPixels(int vectors) {
  if (kWidth == 16) return vectors == 1 ? 16 : 12;
  if (kWidth == 8) return vectors == 1 ? 12 : 6;
  return vectors == 1 ? 16 : 24 / vectors;
}

// Blocks of output channels of the next tile.
inline int64_t tileBlocks(int64_t remaining) { return remaining >= kMostBlocks ? kMostBlocks : 1; }

struct Tile {
  float* y;
  const float* x;  // first tap of the first pixel
  const float* w;
  const float* bias;
  const float* addend;
  int64_t yBlock;
  TapColumns columns;
};

template <int V, int PX>
void tile(const Tile& t, const Band& band, const ChannelConvolution& c, bool relu) {
  // Packed weights are those of whole blocks.
  constexpr int64_t kWeights = (V + kVecs - 1) / kVecs * kLanes;
  Vec acc[V][PX];
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const Vec start = t.bias ? load(t.bias + v * kWidth) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[v][p] = start;
  }
  const float* w = t.w;
  for (int64_t r = 0; r < c.row.taps; r++) {
    TapColumns columns = t.columns;
    for (int64_t s = 0; s < c.column.taps; s++, columns.next()) {
      const float* x = t.x + r * c.row.dilation * band.row + columns.offset();
      for (int64_t left = c.inputs; left > 0; left -= kLanes, x += band.block) {
        const int64_t channels = left < kLanes ? left : kLanes;
        CNNATIVE_UNROLL_BY_4
        for (int64_t i = 0; i < channels; i++, w += kWeights) {
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

template <int V, int PX>
constexpr TileFunction tileFor() {
  if constexpr (PX <= mostPixels(V)) {
    return tile<V, PX>;
  } else {
    return nullptr;
  }
}

// By the number of pixels.
template <int V>
inline constexpr TileFunction kTiles[] = {
    nullptr,          tileFor<V, 1>(),  tileFor<V, 2>(),  tileFor<V, 3>(),  tileFor<V, 4>(),  tileFor<V, 5>(),
    tileFor<V, 6>(),  tileFor<V, 7>(),  tileFor<V, 8>(),  tileFor<V, 9>(),  tileFor<V, 10>(), tileFor<V, 11>(),
    tileFor<V, 12>(), tileFor<V, 13>(), tileFor<V, 14>(), tileFor<V, 15>(), tileFor<V, 16>()};

inline const TileFunction* tilesOf(int64_t vectors) {
  if constexpr (kMostVectors > 2) {
    if (vectors == 3) return kTiles<3>;
    if (vectors == 4) return kTiles<4>;
  }
  return vectors == 1 ? kTiles<1> : kTiles<2>;
}

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
      TapColumns columns = t.columns;
      for (int64_t s = 0; s < c.column.taps; s++, w += kLanes, columns.next()) {
        const float* x = t.x + r * c.row.dilation * band.row + columns.offset() + v;
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
