// The weight gradient of narrow layers: a register tile of KT output channels x JT taps of a row (or JT input channels
// of a 1x1), lanes over samples.
#pragma once

#include "kernels/conv/conv.h"
#include "kernels/conv/tap_span.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

struct GradientWalk {
  const float* x;  // input row 0, column 0, as the tile's first tap sees output column 0
  const float* dy;
  float* dw;
  int64_t xRow, xPixel, xStep;  // per output row, per output pixel, per J
  int64_t dyChannel, dyRow;
  int64_t dwChannel, dwStep;
  bool accumulate;
};

template <int KT, int JT>
static void gradientTile(const GradientWalk& g, Span rows, const Span* columns) {
  alignas(64) static constexpr float kZeros[kLanes] = {};
  int64_t first = columns[0].first, last = columns[0].last, innerFirst = first, innerLast = last;
  for (int j = 1; j < JT; j++) {
    if (columns[j].first < first) first = columns[j].first;
    if (columns[j].first > innerFirst) innerFirst = columns[j].first;
    if (columns[j].last > last) last = columns[j].last;
    if (columns[j].last < innerLast) innerLast = columns[j].last;
  }
  if (innerLast < innerFirst) innerFirst = innerLast = last;

  float sums[KT][JT] = {};
  for (int v = 0; v < kVecs; v++) {
    Vec acc[KT][JT];
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) {
      CNNATIVE_UNROLL
      for (int j = 0; j < JT; j++) acc[k][j] = zero();
    }
    for (int64_t oy = rows.first; oy < rows.last; oy++) {
      const float* x = g.x + oy * g.xRow + v * kWidth;
      const float* dy = g.dy + oy * g.dyRow + v * kWidth;
      const auto border = [&](int64_t from, int64_t to) {
        for (int64_t o = from; o < to; o++) {
          CNNATIVE_UNROLL
          for (int j = 0; j < JT; j++) {
            const bool inside = o >= columns[j].first && o < columns[j].last;
            const Vec in = load(inside ? x + o * g.xPixel + j * g.xStep : kZeros);
            CNNATIVE_UNROLL
            for (int k = 0; k < KT; k++) acc[k][j] = fma(load(dy + k * g.dyChannel + o * kLanes), in, acc[k][j]);
          }
        }
      };
      border(first, innerFirst);
      for (int64_t o = innerFirst; o < innerLast; o++) {
        Vec in[JT];
        CNNATIVE_UNROLL
        for (int j = 0; j < JT; j++) in[j] = load(x + o * g.xPixel + j * g.xStep);
        CNNATIVE_UNROLL
        for (int k = 0; k < KT; k++) {
          const Vec d = pinned(load(dy + k * g.dyChannel + o * kLanes));
          CNNATIVE_UNROLL
          for (int j = 0; j < JT; j++) acc[k][j] = fma(d, in[j], acc[k][j]);
        }
      }
      border(innerLast, last);
    }
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) {
      CNNATIVE_UNROLL
      for (int j = 0; j < JT; j++) sums[k][j] += sum(acc[k][j]);
    }
  }
  for (int k = 0; k < KT; k++) {
    for (int j = 0; j < JT; j++) {
      float& to = g.dw[k * g.dwChannel + j * g.dwStep];
      to = g.accumulate ? to + sums[k][j] : sums[k][j];
    }
  }
}

using GradientTile = void (*)(const GradientWalk&, Span, const Span*);

static constexpr int64_t kMostJ = 5;
// The most output channels beside J inputs that stay in registers.
static constexpr int64_t kMostK[kMostJ + 1] = {
    0, 8, kRegisters == 32 ? 8 : 6, kRegisters == 32 ? 8 : 4, kRegisters == 32 ? 6 : 3, kRegisters == 32 ? 4 : 2};

#define CNNATIVE_TILES(j)                                                                       \
  {                                                                                             \
    nullptr, gradientTile<1, j>, gradientTile<2, j>, gradientTile<(kMostK[j] >= 3 ? 3 : 1), j>, \
        gradientTile<(kMostK[j] >= 4 ? 4 : 1), j>, gradientTile<(kMostK[j] >= 5 ? 5 : 1), j>,   \
        gradientTile<(kMostK[j] >= 6 ? 6 : 1), j>, gradientTile<(kMostK[j] >= 7 ? 7 : 1), j>,   \
        gradientTile<(kMostK[j] >= 8 ? 8 : 1), j>                                               \
  }
static const GradientTile kGradientTiles[kMostJ + 1][9] = {
    {}, CNNATIVE_TILES(1), CNNATIVE_TILES(2), CNNATIVE_TILES(3), CNNATIVE_TILES(4), CNNATIVE_TILES(5)};

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
  walk.dyChannel = g.row.out * g.column.out * kLanes;
  walk.dyRow = g.column.out * kLanes;
  walk.dwChannel = g.inputs * taps;
  // A single column of taps leaves nothing to tile but input channels.
  const bool overChannels = g.column.taps == 1;
  const int64_t columnsAtOnce = overChannels ? 1 : g.column.taps;
  const int64_t channelsAtOnce = overChannels ? 4 : 1;
  walk.xStep = overChannels ? xChannel : g.column.step * kLanes;
  walk.dwStep = overChannels ? taps : 1;
  for (int64_t s = 0; s < g.column.taps;) {
    const int64_t columns = share(columnsAtOnce - s, kMostJ);
    for (int64_t k = first; k < last;) {
      int64_t outputs = 0;
      for (int64_t c = 0; c < g.inputs;) {
        const int64_t channels = share(g.inputs - c, channelsAtOnce);
        const int64_t j = overChannels ? channels : columns;
        outputs = share(last - k, kMostK[overChannels ? channelsAtOnce : j]);
        Span spans[kMostJ];
        for (int64_t i = 0; i < j; i++) spans[i] = tapSpan(g.column, overChannels ? s : s + i);
        for (int64_t r = 0; r < g.row.taps; r++) {
          const int64_t column = s * g.column.step + g.column.offset, row = r * g.row.step + g.row.offset;
          walk.x = x + c * xChannel + (row * g.column.in + column) * kLanes;
          walk.dy = dy + k * walk.dyChannel;
          walk.dw = dw + k * walk.dwChannel + c * taps + r * g.column.taps + s;
          kGradientTiles[j][outputs](walk, tapSpan(g.row, r), spans);
        }
        c += channels;
      }
      k += outputs;
    }
    s += columns;
  }
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
