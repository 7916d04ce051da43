// The register tile of direct convolutions: KT output channels x PX pixels x 16 samples.
#pragma once

#include "kernels/epilogue.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

// Output channels of the next tile. More would spill, fewer would leave the FMA units waiting for loads. With AVX-512
// three pixels beside 8 channels take 11 loads for 24 multiplications, one beside 16 takes 17: too many for CPUs with
// two FMA units.
static inline int64_t tileOutputs(int64_t remaining, int64_t pixels) {
  const int64_t largest = kWidth < 16 ? 6 : pixels > 1 ? 8 : 16;
  if (remaining >= largest) return largest;
  if (remaining >= 8) return 8;
  if (remaining >= 6) return 6;
  return remaining >= 4 ? 4 : remaining;
}

// Everything a tile needs of its row and segment; distances in floats.
struct Walk {
  const float* x;  // first input channel, first tap of the first pixel
  const float* w;  // first input channel, first tap
  int64_t channels, xChannel, wChannel;
  int64_t rows, xRow, wRow;
  int64_t columns, xColumn, wColumn;
  int64_t xPixel;
  int64_t xAhead;  // from the first tap of a row to what is asked for meanwhile
  int64_t wAhead;  // the same of weights, for AsksWeights
  int64_t yChannel, yPixel;
  Epilogue<float> epilogue;
};

template <int KT, int PX>
using Accumulators = Vec[KT][PX][kVecs];

template <int PX>
using Pixels = Vec[PX][kVecs];

// Sums begin with the bias, and what is to be added.
template <int KT, int PX>
CNNATIVE_INLINE void begin(Accumulators<KT, PX>& acc, const float* addend, const Walk& g) {
  const float* bias = g.epilogue.bias;
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    const Vec start = bias ? splat(bias[k]) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) acc[k][p][v] = start;
    }
  }
  if (!addend) return;
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) {
        acc[k][p][v] = acc[k][p][v] + load(addend + k * g.yChannel + p * g.yPixel + v * kWidth);
      }
    }
  }
}

template <int KT, int PX>
CNNATIVE_INLINE void multiplyAdd(Accumulators<KT, PX>& acc, const Pixels<PX>& in, const float* w) {
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    const Vec weight = splat(w[k]);
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) acc[k][p][v] = fma(weight, in[p][v], acc[k][p][v]);
    }
  }
}

// Adds what one tap of one input channel gives. The fewer of weights and inputs stay in registers while the others go
// by; beside a single weight each input is used but once.
template <int KT, int PX>
CNNATIVE_INLINE void addTap(Accumulators<KT, PX>& acc, const float* x, const float* w, int64_t xPixel) {
  const auto input = [&](int p, int v) { return load(x + p * xPixel + v * kWidth); };
  if constexpr (KT > 1 && KT < PX * kVecs) {
    Vec weights[KT];
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) weights[k] = pinned(splat(w[k]));
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) {
        const Vec in = pinned(input(p, v));
        CNNATIVE_UNROLL
        for (int k = 0; k < KT; k++) acc[k][p][v] = fma(weights[k], in, acc[k][p][v]);
      }
    }
  } else {
    Pixels<PX> in;
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) in[p][v] = input(p, v);
    }
    multiplyAdd<KT, PX>(acc, in, w);
  }
}

// Adds what the taps of a row of one input channel give.
template <int KT, int PX, int RowTaps>
CNNATIVE_INLINE void addRow(Accumulators<KT, PX>& acc, const float* x, const float* w, const Walk& g) {
  if constexpr (RowTaps > 0) {
    CNNATIVE_UNROLL
    for (int s = 0; s < RowTaps; s++, x += g.xColumn, w += g.wColumn) addTap<KT, PX>(acc, x, w, g.xPixel);
  } else {
    for (int64_t s = 0; s < g.columns; s++, x += g.xColumn, w += g.wColumn) addTap<KT, PX>(acc, x, w, g.xPixel);
  }
}

// Distances are copied: GCC takes it that a stored vector may change any memory, and would read them again for each.
template <int KT, int PX>
CNNATIVE_INLINE void finish(float* y, Accumulators<KT, PX>& acc, const Walk& g) {
  const int64_t yChannel = g.yChannel, yPixel = g.yPixel;
  if (g.epilogue.relu) {
    CNNATIVE_UNROLL
    for (int i = 0; i < KT * PX * kVecs; i++) {
      Vec& sum = acc[i / (PX * kVecs)][i / kVecs % PX][i % kVecs];
      sum = max(zero(), sum);
    }
  }
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) store(y + k * yChannel + p * yPixel + v * kWidth, acc[k][p][v]);
    }
  }
}

// With AVX2 a tile has so few multiply-adds that the CPU does not see what the next ones read, whole planes and rows
// apart, early enough by itself. With AVX-512, on CPUs with larger first-level caches, asking gained nothing.
static constexpr bool kAsksAhead = kWidth == 8;

// The end of the row of taps, where the tile after the next will stand.
template <int PX>
CNNATIVE_INLINE int64_t aheadOf(const Walk& g) {
  const int64_t last = (g.columns - 1) * g.xColumn;
  return 2 * PX * g.xPixel + (last > 0 ? last : 0);
}

// What a tile of PX pixels, or one pixel with stride 2, meets for the first time.
template <int PX>
CNNATIVE_INLINE void askForInputs(const float* x, const Walk& g) {
  CNNATIVE_UNROLL
  for (int p = 0; p < (PX == 1 ? PX + 1 : PX); p++) prefetch<false>(x + g.xAhead - p * kLanes);
}

template <int KT, int PX>
CNNATIVE_INLINE void askForOutputs(const float* y, const Walk& g) {
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) prefetch<true>(y + k * g.yChannel + p * g.yPixel);
  }
}

// The taps of a row that a tile is compiled for: any number of them, or a single one of a single row, as in dense
// layers and 1x1 convolutions, where two more loops would cost as much as the work.
static constexpr int kAnyTaps = 0, kPoint = -1;

// AsksWeights: weights that are read once, as those of dense layers, are asked for ahead.
template <int KT, int PX, int RowTaps, bool AsksWeights = false>
CNNATIVE_INLINE void tile(float* y, const float* addend, const float* x, const Walk& g) {
  if constexpr (kAsksAhead) {
    // Tiles of few taps write too soon after asking: LeNet-5's first layer is 5 % slower.
    if (RowTaps == kPoint || g.channels * g.rows * g.columns >= 96) askForOutputs<KT, PX>(y, g);
  }
  Accumulators<KT, PX> acc;
  begin<KT, PX>(acc, addend, g);
  const float* wc = g.w;
  if constexpr (RowTaps == kPoint) {
    CNNATIVE_UNROLL_BY_4
    for (int64_t c = 0; c < g.channels; c++, x += g.xChannel, wc += g.wChannel) {
      if constexpr (kAsksAhead && AsksWeights) prefetch<false>(wc + g.wAhead);
      addTap<KT, PX>(acc, x, wc, g.xPixel);
    }
  } else {
    for (int64_t c = 0; c < g.channels; c++, x += g.xChannel, wc += g.wChannel) {
      const float *xr = x, *wr = wc;
      for (int64_t r = 0; r < g.rows; r++, xr += g.xRow, wr += g.wRow) {
        if constexpr (kAsksAhead) askForInputs<PX>(xr, g);
        addRow<KT, PX, RowTaps>(acc, xr, wr, g);
      }
    }
  }
  finish<KT, PX>(y, acc, g);
}

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
