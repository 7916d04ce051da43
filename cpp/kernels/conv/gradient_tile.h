// The weight gradient of narrow layers: a register tile of KT output channels x CT input channels x JT taps of a row
// (or JT input channels of a 1x1), lanes over samples.
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
  int64_t dwOutput, dwChannel, dwStep;  // per K, per C, per J
  bool accumulate;
};

// Adds what output pixels from..to of a row give. Beyond the spans of their taps, at borders, inputs are zeros. The
// fewer of gradients and inputs stay in registers while the others go by.
template <bool Border, int KT, int CT, int JT>
static CNNATIVE_INLINE void addPixels(Vec (&acc)[KT][CT][JT], const GradientWalk& g, const float* x, const float* dy,
                                      const Span* columns, int64_t from, int64_t to) {
  alignas(64) static constexpr float kZeros[kLanes] = {};
  for (int64_t o = from; o < to; o++) {
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

  float sums[KT][CT][JT] = {};
  for (int v = 0; v < kVecs; v++) {
    Vec acc[KT][CT][JT];
    CNNATIVE_UNROLL
    for (int i = 0; i < KT * CT * JT; i++) acc[i / (CT * JT)][i / JT % CT][i % JT] = zero();
    for (int64_t oy = rows.first; oy < rows.last; oy++) {
      const float* x = g.x + oy * g.xRow + v * kWidth;
      const float* dy = g.dy + oy * g.dyRow + v * kWidth;
      addPixels<true>(acc, g, x, dy, columns, first, innerFirst);
      addPixels<false>(acc, g, x, dy, columns, innerFirst, innerLast);
      addPixels<true>(acc, g, x, dy, columns, innerLast, last);
    }
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) {
      CNNATIVE_UNROLL
      for (int c = 0; c < CT; c++) {
        CNNATIVE_UNROLL
        for (int j = 0; j < JT; j++) sums[k][c][j] += sum(acc[k][c][j]);
      }
    }
  }
  for (int k = 0; k < KT; k++) {
    for (int c = 0; c < CT; c++) {
      for (int j = 0; j < JT; j++) {
        float& to = g.dw[k * g.dwOutput + c * g.dwChannel + j * g.dwStep];
        to = g.accumulate ? to + sums[k][c][j] : sums[k][c][j];
      }
    }
  }
}

using GradientTile = void (*)(const GradientWalk&, Span, const Span*);

static constexpr int64_t kMostJ = 5;
// The most output channels beside J inputs that stay in registers.
static constexpr int64_t kMostK[kMostJ + 1] = {
    0, 8, kRegisters == 32 ? 8 : 6, kRegisters == 32 ? 8 : 4, kRegisters == 32 ? 6 : 3, kRegisters == 32 ? 4 : 2};

#define CNNATIVE_TILES(j)                                                                                \
  {                                                                                                      \
    nullptr, gradientTile<1, 1, j>, gradientTile<2, 1, j>, gradientTile<(kMostK[j] >= 3 ? 3 : 1), 1, j>, \
        gradientTile<(kMostK[j] >= 4 ? 4 : 1), 1, j>, gradientTile<(kMostK[j] >= 5 ? 5 : 1), 1, j>,      \
        gradientTile<(kMostK[j] >= 6 ? 6 : 1), 1, j>, gradientTile<(kMostK[j] >= 7 ? 7 : 1), 1, j>,      \
        gradientTile<(kMostK[j] >= 8 ? 8 : 1), 1, j>                                                     \
  }
static const GradientTile kGradientTiles[kMostJ + 1][9] = {
    {}, CNNATIVE_TILES(1), CNNATIVE_TILES(2), CNNATIVE_TILES(3), CNNATIVE_TILES(4), CNNATIVE_TILES(5)};

// Rows of three taps take several input channels at once where registers allow: gradients, whose channels fill more
// than the first-level cache, are read once for all of them.
static constexpr int64_t kMostChannels = kRegisters == 32 ? 3 : 1;
static constexpr int64_t kMostBesideChannels[4] = {0, kMostK[3], 4, 3};
static const GradientTile kThreeTapTiles[4][5] = {
    {},
    {},
    {nullptr, gradientTile<1, 2, 3>, gradientTile<2, 2, 3>, gradientTile<3, 2, 3>, gradientTile<4, 2, 3>},
    {nullptr, gradientTile<1, 3, 3>, gradientTile<2, 3, 3>, gradientTile<3, 3, 3>, nullptr}};

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
  // A single column of taps leaves nothing to tile but input channels.
  const bool overChannels = g.column.taps == 1, threeTaps = g.column.taps == 3;
  const int64_t columnsAtOnce = overChannels ? 1 : g.column.taps;
  const int64_t channelsAtOnce = overChannels ? 4 : threeTaps ? share(g.inputs, kMostChannels) : 1;
  const int64_t most = overChannels ? kMostK[4] : threeTaps ? kMostBesideChannels[channelsAtOnce] : 0;
  walk.xStep = overChannels ? xChannel : g.column.step * kLanes;
  walk.dwStep = overChannels ? taps : 1;
  for (int64_t s = 0; s < g.column.taps;) {
    const int64_t columns = share(columnsAtOnce - s, kMostJ);
    for (int64_t k = first, outputs = 0; k < last; k += outputs) {
      outputs = share(last - k, most > 0 ? most : kMostK[columns]);
      for (int64_t c = 0; c < g.inputs;) {
        const int64_t channels = share(g.inputs - c, channelsAtOnce);
        const GradientTile tile = threeTaps && channels > 1
                                      ? kThreeTapTiles[channels][outputs]
                                      : kGradientTiles[overChannels ? channels : columns][outputs];
        Span spans[kMostJ];
        for (int64_t i = 0; i < (overChannels ? channels : columns); i++)
          spans[i] = tapSpan(g.column, overChannels ? s : s + i);
        for (int64_t r = 0; r < g.row.taps; r++) {
          const int64_t column = s * g.column.step + g.column.offset, row = r * g.row.step + g.row.offset;
          walk.x = x + c * xChannel + (row * g.column.in + column) * kLanes;
          walk.dy = dy + k * walk.dyChannel;
          walk.dw = dw + k * walk.dwOutput + c * taps + r * g.column.taps + s;
          tile(walk, tapSpan(g.row, r), spans);
        }
        c += channels;
      }
    }
    s += columns;
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
