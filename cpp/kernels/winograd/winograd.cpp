// Winograd convolution with lanes over the batch, forward and for the data gradient, written once for every instruction
// set.
#include <cstring>

#include "kernels/families.h"
#include "kernels/winograd/outputs.h"
#include "kernels/winograd/tiles.h"
#include "kernels/winograd/weight_gradient.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Register tiles of the products: output channels, and beside so many of them the tiles of samples that keep the
// multiply-adds apart.
constexpr int64_t kLargestTile = kWidth == 16 ? 8 : 6;
template <int KT>
constexpr int kTilesBeside = kWidth == 16 || KT <= 2 ? 2 : 1;

// Tiles that are transformed together: as many as keep both sides of the products in the L2 cache.
int64_t tilesAtOnce(const WinogradShape& s) {
  const int64_t bytes = kWinogradPoints * (s.inputs + s.outputs) * kLanes * 4;
  const int64_t fitting = (int64_t(640) << 10) / bytes;
  constexpr int kFewest = kTilesBeside<kLargestTile>;
  return fitting < kFewest ? kFewest : fitting > 8 ? 8 : fitting;
}

// Weights come from the last-level cache or from memory, and are asked for so many elements ahead: in the register
// tiles that come next, at the end of a point in those of the next.
constexpr int64_t kWeightsAhead = 2048;

// m[TT tiles][KT of K] = u[KT][C] v[TT tiles][C].
template <int KT, int TT>
CNNATIVE_NOINLINE void product(float* m, int64_t mTile, const float* v, int64_t vTile, const float* u, int64_t inputs) {
  Vec acc[KT][TT][kVecs];
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int t = 0; t < TT; t++) {
      CNNATIVE_UNROLL
      for (int i = 0; i < kVecs; i++) acc[k][t][i] = zero();
    }
  }
  CNNATIVE_UNROLL_BY_4
  for (int64_t c = 0; c < inputs; c++, v += kLanes, u += KT) {
    prefetch<false>(u + kWeightsAhead);
    Vec in[TT][kVecs];
    CNNATIVE_UNROLL
    for (int t = 0; t < TT; t++) {
      CNNATIVE_UNROLL
      for (int i = 0; i < kVecs; i++) in[t][i] = load(v + t * vTile + i * kWidth);
    }
    CNNATIVE_UNROLL
    for (int k = 0; k < KT; k++) {
      const Vec weight = splat(u[k]);
      CNNATIVE_UNROLL
      for (int t = 0; t < TT; t++) {
        CNNATIVE_UNROLL
        for (int i = 0; i < kVecs; i++) acc[k][t][i] = fma(weight, in[t][i], acc[k][t][i]);
      }
    }
  }
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int t = 0; t < TT; t++) {
      CNNATIVE_UNROLL
      for (int i = 0; i < kVecs; i++) store(m + t * mTile + k * kLanes + i * kWidth, acc[k][t][i]);
    }
  }
}

// m[tile][K] = u[K][C] v[tile][C], at one point.
void products(float* m, const float* v, const float* u, const WinogradShape& s, int64_t tiles) {
  const int64_t mTile = s.outputs * kLanes, vTile = s.inputs * kLanes;
  int64_t k = 0;
  const auto rows = [&](auto size) {
    constexpr int KT = size();
    float* mk = m + k * kLanes;
    const float* uk = u + k * s.inputs;
    int64_t t = 0;
    for (; t + kTilesBeside<KT> <= tiles; t += kTilesBeside<KT>) {
      product<KT, kTilesBeside<KT>>(mk + t * mTile, mTile, v + t * vTile, vTile, uk, s.inputs);
    }
    for (; t < tiles; t++) product<KT, 1>(mk + t * mTile, mTile, v + t * vTile, vTile, uk, s.inputs);
    k += KT;
  };
  while (k + kLargestTile <= s.outputs) rows(Size<kLargestTile>{});
  if (k + 4 <= s.outputs) rows(Size<4>{});
  if (k + 2 <= s.outputs) rows(Size<2>{});
  if (k < s.outputs) rows(Size<1>{});
}

int64_t tileOutputs(int64_t remaining) {
  if (remaining >= kLargestTile) return kLargestTile;
  return remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
}

// u[36][K / tile][C][tile], whole lines of a tile at a time: the points of one lie a power of two apart, and lines
// written in parts would leave the cache in between.
template <int R>
void weightsOf(float* u, const float* w, const WinogradWeightsShape& s, int64_t first, int64_t last) {
  constexpr int64_t kTaps = R * R;
  const int64_t K = s.swapped ? s.inputs : s.outputs, C = s.swapped ? s.outputs : s.inputs;
  // From one input channel to the next, from one output channel to the next, from tap to tap.
  const int64_t inputStride = s.swapped ? s.inputs * kTaps : kTaps;
  const int64_t outputStride = s.swapped ? kTaps : s.inputs * kTaps, tapStride = s.swapped ? -1 : 1;
  const float* const origin = w + (s.swapped ? kTaps - 1 : 0);
  for (int64_t k = first; k < last;) {
    const int64_t count = tileOutputs(K - k), all = C * count;
    int64_t c = 0, output = 0;
    for (int64_t line = 0; line < all; line += kLanes) {
      const int64_t lanes = all - line < kLanes ? all - line : kLanes;
      float taps[kTaps][kLanes];
      if (lanes < kLanes) std::memset(taps, 0, sizeof taps);
      for (int64_t i = 0; i < lanes; i++) {
        const float* from = origin + (k + output) * outputStride + c * inputStride;
        CNNATIVE_UNROLL
        for (int t = 0; t < kTaps; t++) taps[t][i] = from[t * tapStride];
        if (++output == count) output = 0, c++;
      }
      Vec points[kVecs][kPoints];
      for (int v = 0; v < kVecs; v++) {
        Vec g[kTaps];
        for (int t = 0; t < kTaps; t++) g[t] = load(taps[t] + v * kWidth);
        weightsToPoints<R>(g, points[v]);
      }
      float* to = u + k * C + line;
      for (int p = 0; p < kPoints; p++, to += K * C) {
        for (int v = 0; v * kWidth < lanes; v++) storeSum(to + v * kWidth, points[v][p], lanes - v * kWidth, false);
        prefetch<true>(to + kLanes);
      }
    }
    k += count;
  }
}

void weights(float* u, const float* w, const WinogradWeightsShape& s, int64_t first, int64_t last) {
  withKernel(s.kernel, [&](auto kernel) { weightsOf<kernel()>(u, w, s, first, last); });
}

int64_t correlateScratch(const WinogradShape& s) {
  const int64_t tiles = tilesAtOnce(s);
  return kPoints * (pointStride(s.inputs, tiles) + pointStride(s.outputs, tiles));
}

int64_t correlateParts(const WinogradShape& s) {
  const int64_t most = tilesAtOnce(s);
  return (tilesOf(s) + most - 1) / most;
}

template <int R>
void correlateOf(float* y, const float* x, const float* u, const Epilogue<float>& e, const WinogradShape& s,
                 int64_t first, int64_t last, float* scratch) {
  constexpr int64_t M = kSide<R>;
  const int64_t most = tilesAtOnce(s), across = tilesAcross(s);
  const int64_t all = last * most < tilesOf(s) ? last * most : tilesOf(s);
  const int64_t vStride = pointStride(s.inputs, most), mStride = pointStride(s.outputs, most);
  float *v = scratch, *m = scratch + kPoints * vStride;
  for (int64_t start = first * most; start < all; start += most) {
    const int64_t tiles = all - start < most ? all - start : most;
    tilesToPoints<R>(v, vStride, x, s.inputs, s, start, tiles);
    const int64_t next = start + tiles, nextTiles = all - next < most ? all - next : most;
    for (int p = 0; p < kPoints; p++) {
      prefetchTiles<R>(x, s.inputs, s.height, s.width, next, nextTiles, across, R - 1 - s.padTop, R - 1 - s.padLeft, p);
      products(m + p * mStride, v + p * vStride, u + p * s.outputs * s.inputs, s, tiles);
    }
    for (int64_t k = 0; k < s.outputs; k++) {
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t row = (start + t) / across * M, column = (start + t) % across * M;
        const int64_t rows = s.outputHeight - row < M ? s.outputHeight - row : M;
        const int64_t columns = s.outputWidth - column < M ? s.outputWidth - column : M;
        const int64_t at = ((k * s.outputHeight + row) * s.outputWidth + column) * kLanes;
        if (k + kChannelsAhead < s.outputs) {
          const int64_t ahead = (k + kChannelsAhead) * s.outputHeight * s.outputWidth * kLanes;
          prefetchArea<true>(y + ahead, {row, column, M, M}, s.outputHeight, s.outputWidth);
          if (e.addend && e.addend != y) {
            prefetchArea<false>(e.addend + ahead, {row, column, M, M}, s.outputHeight, s.outputWidth);
          }
        }
        const OutputTile to = {y + at, e.at(k, at), rows, columns, s.outputWidth};
        pointsToOutput<R, Bias::same>(to, m + (t * s.outputs + k) * kLanes, mStride);
      }
    }
  }
}

void correlate(float* y, const float* x, const float* u, const Epilogue<float>& e, const WinogradShape& s,
               int64_t first, int64_t last, float* scratch) {
  withKernel(s.kernel, [&](auto kernel) { correlateOf<kernel()>(y, x, u, e, s, first, last, scratch); });
}

}  // namespace

const WinogradKernels<float> winogradKernels = {weights,   correlateScratch, correlateParts,
                                                correlate, gradientScratch,  weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
