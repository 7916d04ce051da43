// A register tile: V vectors of output channels x a few pixels of one row, or of several.
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

// The most rows of a tile. On AVX2 a row of 8 pixels would make two tiles of 4, whose sums wait for one another.
inline constexpr int kMostRows = kWidth == 8 ? 3 : 1;

// Tiles side by side in an image so wide.
constexpr int64_t tilesAcross(int64_t columns, int vectors, int rows) {
  const int64_t most = mostPixels(vectors) / rows;
  return (columns + most - 1) / most;
}

// Rows of the next tiles, of so many that remain: those that make the fewest tiles of an image, for each reads all
// weights.
inline int tileRows(int64_t remaining, int64_t columns, int vectors) {
  int best = 1;
  for (int rows = 2; rows <= kMostRows && rows <= remaining; rows++) {
    if (tilesAcross(columns, vectors, rows) * best < tilesAcross(columns, vectors, best) * rows) best = rows;
  }
  return best;
}

// Blocks of output channels of the next tile.
inline int64_t tileBlocks(int64_t remaining) { return remaining >= kMostBlocks ? kMostBlocks : 1; }

struct Tile {
  float* y;
  const float* x;  // first tap of the first pixel
  const float* w;
  Epilogue<float> epilogue;
  int64_t yBlock;
  TapColumns columns;
};

template <int V, int ROWS, int COLUMNS>
void tile(const Tile& t, const Band& band, const ChannelConvolution& c) {
  constexpr int PX = ROWS * COLUMNS;
  // Packed weights are those of whole blocks.
  constexpr int64_t kWeights = (V + kVecs - 1) / kVecs * kLanes;
  Vec acc[V][PX];
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const Vec start = t.epilogue.bias ? load(t.epilogue.bias + v * kWidth) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[v][p] = start;
  }
  const float* w = t.w;
  const int64_t below = c.row.stride * band.row;
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
            const Vec in = splat(x[p / COLUMNS * below + p % COLUMNS * kLanes + i]);
            CNNATIVE_UNROLL
            for (int v = 0; v < V; v++) acc[v][p] = fma(weight[v], in, acc[v][p]);
          }
        }
      }
    }
  }
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const int64_t first = v / kVecs * t.yBlock + v % kVecs * kWidth;
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      const int64_t at = first + (p / COLUMNS * c.column.out + p % COLUMNS) * kLanes;
      Vec sum = acc[v][p];
      if (t.epilogue.addend) sum = sum + load(t.epilogue.addend + at);
      store(t.y + at, t.epilogue.relu ? max(zero(), sum) : sum);
    }
  }
}

using TileFunction = void (*)(const Tile&, const Band&, const ChannelConvolution&);

template <int V, int ROWS, int COLUMNS>
constexpr TileFunction tileFor() {
  if constexpr (ROWS <= kMostRows && ROWS * COLUMNS <= mostPixels(V)) {
    return tile<V, ROWS, COLUMNS>;
  } else {
    return nullptr;
  }
}

// By the number of columns.
template <int V, int ROWS>
inline constexpr TileFunction kTiles[] = {nullptr,
                                          tileFor<V, ROWS, 1>(),
                                          tileFor<V, ROWS, 2>(),
                                          tileFor<V, ROWS, 3>(),
                                          tileFor<V, ROWS, 4>(),
                                          tileFor<V, ROWS, 5>(),
                                          tileFor<V, ROWS, 6>(),
                                          tileFor<V, ROWS, 7>(),
                                          tileFor<V, ROWS, 8>(),
                                          tileFor<V, ROWS, 9>(),
                                          tileFor<V, ROWS, 10>(),
                                          tileFor<V, ROWS, 11>(),
                                          tileFor<V, ROWS, 12>(),
                                          tileFor<V, ROWS, 13>(),
                                          tileFor<V, ROWS, 14>(),
                                          tileFor<V, ROWS, 15>(),
                                          tileFor<V, ROWS, 16>()};

template <int V>
const TileFunction* tilesOfRows(int rows) {
  if (rows == 1) return kTiles<V, 1>;
  return rows == 2 ? kTiles<V, 2> : kTiles<V, 3>;
}

inline const TileFunction* tilesOf(int vectors, int rows) {
  if constexpr (kMostVectors > 2) {
    if (vectors == 3) return tilesOfRows<3>(rows);
    if (vectors == 4) return tilesOfRows<4>(rows);
  }
  return vectors == 1 ? tilesOfRows<1>(rows) : tilesOfRows<2>(rows);
}

// Depthwise: no sums over channels, so weights are vectors too.
template <int PX>
CNNATIVE_INLINE void depthwiseTile(const Tile& t, const Band& band, const ChannelConvolution& c) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec acc[PX];
    const Vec start = t.epilogue.bias ? load(t.epilogue.bias + v) : zero();
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
      if (t.epilogue.addend) sum = sum + load(t.epilogue.addend + p * kLanes + v);
      store(t.y + p * kLanes + v, t.epilogue.relu ? max(zero(), sum) : sum);
    }
  }
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
