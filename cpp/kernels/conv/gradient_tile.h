// The weight gradient of narrow layers: a register tile of KT output channels x CT input channels x JT taps of a row,
// lanes over samples.
#pragma once

#include "kernels/conv/conv.h"
#include "kernels/conv/tap_span.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

struct GradientWalk {
  const float* x;  // input row 0, column 0, as the tile's first tap sees output column 0
  const float* dy;
  float* dw;
  int64_t xRow, xPixel, xChannel, xStep;  // per output row, per output pixel, per C, per J
  int64_t dyChannel, dyRow;
  int64_t dwOutput, dwChannel;  // per K, per C; taps lie side by side
  bool accumulate;
};

// Adds a vector of output pixel o. Beyond the spans of their taps, at borders, inputs are zeros. The fewer of gradients
// and inputs stay in registers while the others go by.
template <bool Border, int KT, int CT, int JT>
static CNNATIVE_INLINE void addVector(Vec (&acc)[KT][CT][JT], const GradientWalk& g, const float* x, const float* dy,
                                      const Span* columns, int64_t o) {
  alignas(64) static constexpr float kZeros[kLanes] = {};
  const auto input = [&](int c, int j) {
    const bool inside = !Border || (o >= columns[j].first && o < columns[j].last);
    return load(inside ? x + o * g.xPixel + c * g.xChannel + j * g.xStep : kZeros);
  };
  const auto gradient = [&](int k) { return pinned(load(dy + k * g.dyChannel + o * kLanes)); };
  if constexpr (KT < CT * JT) {
    Vec d[KT];
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) d[k] = gradient(k);
    CNNATIVE_UNROLL
    for (int c = 0; c < CT; c++) {
      CNNATIVE_UNROLL
      for (int j = 0; j < JT; j++) {
        const Vec in = pinned(input(c, j));
        CNNATIVE_UNROLL
        for (int k = 0; k < KT; k++) acc[k][c][j] = fma(d[k], in, acc[k][c][j]);
      }
    }
  } else {
    Vec in[CT][JT];
    CNNATIVE_UNROLL
    for (int c = 0; c < CT; c++) {
      CNNATIVE_UNROLL
      for (int j = 0; j < JT; j++) in[c][j] = input(c, j);
    }
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) {
      const Vec d = gradient(k);
      CNNATIVE_UNROLL
      for (int c = 0; c < CT; c++) {
        CNNATIVE_UNROLL
        for (int j = 0; j < JT; j++) acc[k][c][j] = fma(d, in[c][j], acc[k][c][j]);
      }
    }
  }
}

// Whether GCC keeps a tile in registers where two vectors follow each other without a branch between them: one must be
// left over.
template <int KT, int CT, int JT>
static constexpr bool kHasSpare = KT * CT * JT + (KT < CT * JT ? KT : CT * JT) + 1 < kRegisters;

// Adds what output pixels from..to of a row give.
template <bool Border, int KT, int CT, int JT>
static CNNATIVE_INLINE void addPixels(Vec (&acc)[KT][CT][JT], const GradientWalk& g, const float* x, const float* dy,
                                      const Span* columns, int64_t from, int64_t to) {
  for (int64_t o = from; o < to; o++) {
    if constexpr (kVecs == 2 && kHasSpare<KT, CT, JT>) {
      addVector<Border>(acc, g, x, dy, columns, o);
      addVector<Border>(acc, g, x + kWidth, dy + kWidth, columns, o);
    } else {
      for (int v = 0; v < kLanes; v += kWidth) addVector<Border>(acc, g, x + v, dy + v, columns, o);
    }
  }
}

template <int KT, int CT, int JT>
static void gradientTile(const GradientWalk& g, Span rows, const Span* columns) {
  int64_t first = columns[0].first, last = columns[0].last, innerFirst = first, innerLast = last;
  for (int j = 1; j < JT; j++) {
    if (columns[j].first < first) first = columns[j].first;
    if (columns[j].first > innerFirst) innerFirst = columns[j].first;
    if (columns[j].last > last) last = columns[j].last;
    if (columns[j].last < innerLast) innerLast = columns[j].last;
  }
  if (innerLast < innerFirst) innerFirst = innerLast = last;

  Vec acc[KT][CT][JT];
  CNNATIVE_UNROLL
  for (int i = 0; i < KT * CT * JT; i++) acc[i / (CT * JT)][i / JT % CT][i % JT] = zero();
  for (int64_t oy = rows.first; oy < rows.last; oy++) {
    const float *x = g.x + oy * g.xRow, *dy = g.dy + oy * g.dyRow;
    addPixels<true>(acc, g, x, dy, columns, first, innerFirst);
    addPixels<false>(acc, g, x, dy, columns, innerFirst, innerLast);
    addPixels<true>(acc, g, x, dy, columns, innerLast, last);
  }
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int c = 0; c < CT; c++) {
      CNNATIVE_UNROLL
      for (int j = 0; j < JT; j++) {
        float& to = g.dw[k * g.dwOutput + c * g.dwChannel + j];
        to = sum(acc[k][c][j]) + (g.accumulate ? to : 0.0f);
      }
    }
  }
}

using GradientTile = void (*)(const GradientWalk&, Span, const Span*);

// The most output channels beside so many inputs (channels x taps) that stay in registers; 0 where inputs do not come
// in that number.
static constexpr int64_t kMostOutputs[10] = {
    0, 8, kRegisters == 32 ? 8 : 6, kRegisters == 32 ? 8 : 4, kRegisters == 32 ? 6 : 3, kRegisters == 32 ? 4 : 2, 4, 0,
    0, 3};
static constexpr int64_t kMostTaps = 5;

// By output channels. Those that no tile may have are never asked for.
template <int CT, int JT>
struct GradientTiles {
  static constexpr int possible(int outputs) { return outputs <= kMostOutputs[CT * JT] ? outputs : 1; }
  static constexpr GradientTile of[9] = {nullptr,
                                         gradientTile<1, CT, JT>,
                                         gradientTile<possible(2), CT, JT>,
                                         gradientTile<possible(3), CT, JT>,
                                         gradientTile<possible(4), CT, JT>,
                                         gradientTile<possible(5), CT, JT>,
                                         gradientTile<possible(6), CT, JT>,
                                         gradientTile<possible(7), CT, JT>,
                                         gradientTile<possible(8), CT, JT>};
};

// Several input channels at once: of a single column of taps, which leaves nothing else to tile; and of rows of three
// taps where registers allow, for gradients, whose channels fill more than the first-level cache, are then read once
// for all of them.
static inline int64_t channelsAtOnce(int64_t taps) { return taps == 1 ? 4 : taps == 3 && kRegisters == 32 ? 3 : 1; }

static inline GradientTile gradientTileOf(int64_t outputs, int64_t channels, int64_t taps) {
  // With few registers three taps never come with other channels.
  constexpr int kTwo = kRegisters == 32 ? 2 : 1, kThree = kRegisters == 32 ? 3 : 1;
  static constexpr const GradientTile* kTiles[5][kMostTaps + 1] = {
      {},
      {nullptr, GradientTiles<1, 1>::of, GradientTiles<1, 2>::of, GradientTiles<1, 3>::of, GradientTiles<1, 4>::of,
       GradientTiles<1, 5>::of},
      {nullptr, GradientTiles<2, 1>::of, nullptr, GradientTiles<kTwo, 3>::of},
      {nullptr, GradientTiles<3, 1>::of, nullptr, GradientTiles<kThree, 3>::of},
      {nullptr, GradientTiles<4, 1>::of}};
  return kTiles[channels][taps][outputs];
}

// Size of the next of equal shares of `remaining`, none above `most`.
static inline int64_t share(int64_t remaining, int64_t most) {
  const int64_t pieces = (remaining + most - 1) / most;
  return (remaining + pieces - 1) / pieces;
}

static inline void gradientByTiles(float* dw, const float* dy, const float* x, bool accumulate, const WeightGradient& g,
                                   int64_t first, int64_t last) {
  const int64_t taps = g.row.taps * g.column.taps;
  const int64_t xChannel = g.row.in * g.column.in * kLanes;
  GradientWalk walk = {};
  walk.accumulate = accumulate;
  walk.xRow = g.row.down * g.column.in * kLanes;
  walk.xPixel = g.column.down * kLanes;
  walk.xChannel = xChannel;
  walk.dyChannel = g.row.out * g.column.out * kLanes;
  walk.dyRow = g.column.out * kLanes;
  walk.dwOutput = g.inputs * taps;
  walk.dwChannel = taps;
  walk.xStep = g.column.step * kLanes;
  const int64_t most = share(g.inputs, channelsAtOnce(g.column.taps));
  for (int64_t s = 0; s < g.column.taps;) {
    const int64_t columns = share(g.column.taps - s, kMostTaps);
    Span spans[kMostTaps];
    for (int64_t i = 0; i < columns; i++) spans[i] = tapSpan(g.column, s + i);
    for (int64_t k = first, outputs = 0; k < last; k += outputs) {
      outputs = share(last - k, kMostOutputs[most * columns]);
      for (int64_t c = 0, channels = 0; c < g.inputs; c += channels) {
        channels = share(g.inputs - c, most);
        const GradientTile tile = gradientTileOf(outputs, channels, columns);
        for (int64_t r = 0; r < g.row.taps; r++) {
          const int64_t column = s * g.column.step + g.column.offset, row = r * g.row.step + g.row.offset;
          walk.x = x + c * xChannel + (row * g.column.in + column) * kLanes;
          walk.dy = dy + k * walk.dyChannel;
          walk.dw = dw + k * walk.dwOutput + c * taps + r * g.column.taps + s;
          tile(walk, tapSpan(g.row, r), spans);
        }
      }
    }
    s += columns;
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
