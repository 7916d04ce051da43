// Winograd convolution with lanes over the batch, forward and for the data gradient, written once for every instruction
// set.
#include "kernels/families.h"
#include "kernels/winograd/tiles.h"
#include "kernels/winograd/weight_gradient.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Values at the six points, as four outputs.
CNNATIVE_INLINE void transformOutput(const Vec (&m)[6], Vec (&y)[4]) {
  const Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
  y[0] = (m[0] + sumA) + sumB;
  y[1] = fma(splat(A), differenceA, splat(B) * differenceB);
  y[2] = fma(splat(A2), sumA, splat(B2) * sumB);
  y[3] = fma(splat(A * A2), differenceA, fma(splat(B * B2), differenceB, m[5]));
}

// The 4x4 outputs of a tile, as far as they lie in the image. The epilogue is that of its first pixel.
void pointsToOutput(float* y, const float* m, int64_t stride, const Epilogue<float>& e, int64_t rows, int64_t columns,
                    int64_t width) {
  const Vec bias = e.bias ? splat(*e.bias) : zero();
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec half[4][6];  // [output row][column of points]
    for (int c = 0; c < 6; c++) {
      Vec d[6], t[4];
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) d[r] = load(m + (r * 6 + c) * stride + v);
      transformOutput(d, t);
      CNNATIVE_UNROLL
      for (int r = 0; r < 4; r++) half[r][c] = t[r];
    }
    for (int r = 0; r < rows; r++) {
      Vec t[4];
      transformOutput(half[r], t);
      CNNATIVE_UNROLL
      for (int c = 0; c < 4; c++) {
        const int64_t at = (r * width + c) * kLanes + v;
        Vec sum = t[c] + bias;
        if (c >= columns) continue;
        if (e.addend) sum = sum + load(e.addend + at);
        store(y + at, e.relu ? max(zero(), sum) : sum);
      }
    }
  }
}

// Register tiles of the products: output channels, and beside the most of them so many tiles of samples (as in
// conv.cpp).
constexpr int64_t kLargestTile = kWidth == 16 ? 8 : 6;
constexpr int kTilesBeside = kWidth == 16 ? 2 : 1;

// Tiles that are transformed together: as many as keep both sides of the products in the L2 cache.
int64_t tilesAtOnce(const WinogradShape& s) {
  const int64_t bytes = kWinogradPoints * (s.inputs + s.outputs) * kLanes * 4;
  const int64_t fitting = (int64_t(640) << 10) / bytes;
  return fitting < kTilesBeside ? kTilesBeside : fitting > 8 ? 8 : fitting;
}

// Weights come from the last-level cache or from memory, and are asked for so many elements ahead: in the register
// tiles that come next, at the end of a point in those of the next.
constexpr int64_t kWeightsAhead = 2048;

// m[TT tiles][KT of K] = u[KT][C] v[TT tiles][C].
template <int KT, int TT>
CNNATIVE_INLINE void product(float* m, int64_t mTile, const float* v, int64_t vTile, const float* u, int64_t inputs) {
  Vec acc[KT][TT][kVecs];
  CNNATIVE_UNROLL
  for (int k = 0; k < KT; k++) {
    CNNATIVE_UNROLL
    for (int t = 0; t < TT; t++) {
      CNNATIVE_UNROLL
      for (int i = 0; i < kVecs; i++) acc[k][t][i] = zero();
    }
  }
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
    for (; t + kTilesBeside <= tiles; t += kTilesBeside) {
      product<KT, kTilesBeside>(mk + t * mTile, mTile, v + t * vTile, vTile, uk, s.inputs);
    }
    for (; t < tiles; t++) product<KT, 1>(mk + t * mTile, mTile, v + t * vTile, vTile, uk, s.inputs);
    k += KT;
  };
  while (k + kLargestTile <= s.outputs) rows(Size<kLargestTile>{});
  while (k + 4 <= s.outputs) rows(Size<4>{});
  while (k < s.outputs) rows(Size<1>{});
}

int64_t tileOutputs(int64_t remaining) { return remaining >= kLargestTile ? kLargestTile : remaining >= 4 ? 4 : 1; }

// Three taps, as values at the six points divided by the scales.
CNNATIVE_INLINE void transformWeights(const Vec (&g)[3], Vec (&u)[6]) {
  const auto scale = [](int p) { return splat(static_cast<float>(kScale[p])); };
  const Vec evenA = fma(splat(A2), g[2], g[0]), oddA = splat(A) * g[1];
  const Vec evenB = fma(splat(B2), g[2], g[0]), oddB = splat(B) * g[1];
  u[0] = g[0] * scale(0);
  u[1] = (evenA + oddA) * scale(1);
  u[2] = (evenA - oddA) * scale(2);
  u[3] = (evenB + oddB) * scale(3);
  u[4] = (evenB - oddB) * scale(4);
  u[5] = g[2];
}

// u[36][K / tile][C][tile]: a vector holds as many input channels of a tile side by side as fit.
void weights(float* u, const float* w, int64_t outputs, int64_t inputs, bool swapped, int64_t first, int64_t last) {
  const int64_t K = swapped ? inputs : outputs, C = swapped ? outputs : inputs;
  for (int64_t k = first; k < last;) {
    const int64_t count = tileOutputs(K - k), beside = kWidth / count > 0 ? kWidth / count : 1;
    for (int64_t c = 0; c < C; c += beside) {
      const int64_t channels = C - c < beside ? C - c : beside, lanes = channels * count;
      float taps[9][kLanes] = {};
      for (int64_t i = 0; i < lanes; i++) {
        const int64_t output = k + i % count, input = c + i / count;
        const float* from = w + (swapped ? input * inputs + output : output * inputs + input) * 9;
        for (int t = 0; t < 9; t++) taps[t][i] = from[swapped ? 8 - t : t];
      }
      for (int64_t i = 0; i < lanes; i += kWidth) {
        Vec half[6][3];
        for (int q = 0; q < 3; q++) {
          const Vec g[3] = {load(taps[q] + i), load(taps[3 + q] + i), load(taps[6 + q] + i)};
          Vec t[6];
          transformWeights(g, t);
          for (int p = 0; p < 6; p++) half[p][q] = t[p];
        }
        const int64_t left = lanes - i;
        for (int p = 0; p < 6; p++) {
          Vec t[6];
          transformWeights(half[p], t);
          for (int q = 0; q < 6; q++) {
            storeSum(u + (p * 6 + q) * K * C + k * C + c * count + i, t[q], left, false);
          }
        }
      }
    }
    k += count;
  }
}

int64_t correlateScratch(const WinogradShape& s) {
  const int64_t tiles = tilesAtOnce(s);
  return kPoints * (pointStride(s.inputs, tiles) + pointStride(s.outputs, tiles));
}

int64_t correlateParts(const WinogradShape& s) {
  const int64_t most = tilesAtOnce(s);
  return (tilesOf(s) + most - 1) / most;
}

void correlate(float* y, const float* x, const float* u, const Epilogue<float>& e, const WinogradShape& s,
               int64_t first, int64_t last, float* scratch) {
  const int64_t most = tilesAtOnce(s), across = (s.outputWidth + 3) / 4;
  const int64_t all = last * most < tilesOf(s) ? last * most : tilesOf(s);
  const int64_t vStride = pointStride(s.inputs, most), mStride = pointStride(s.outputs, most);
  float *v = scratch, *m = scratch + kPoints * vStride;
  for (int64_t start = first * most; start < all; start += most) {
    const int64_t tiles = all - start < most ? all - start : most;
    // Channel by channel: neighbouring tiles share rows, which then stream.
    for (int64_t c = 0; c < s.inputs; c++) {
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t top = (start + t) / across * 4 - s.padTop, left = (start + t) % across * 4 - s.padLeft;
        if (c + kChannelsAhead < s.inputs) {
          const float* ahead = x + (c + kChannelsAhead) * s.height * s.width * kLanes;
          prefetchArea<false>(ahead, patchArea(top, left), s.height, s.width);
        }
        patchToPoints(v + (t * s.inputs + c) * kLanes, vStride, x + c * s.height * s.width * kLanes, top, left,
                      s.height, s.width);
      }
    }
    const int64_t next = start + tiles, nextTiles = all - next < most ? all - next : most;
    for (int p = 0; p < kPoints; p++) {
      prefetchTiles(x, s.inputs, s.height, s.width, next, nextTiles, across, 2 - s.padTop, 2 - s.padLeft, p);
      products(m + p * mStride, v + p * vStride, u + p * s.outputs * s.inputs, s, tiles);
    }
    for (int64_t k = 0; k < s.outputs; k++) {
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t row = (start + t) / across * 4, column = (start + t) % across * 4;
        const int64_t rows = s.outputHeight - row < 4 ? s.outputHeight - row : 4;
        const int64_t columns = s.outputWidth - column < 4 ? s.outputWidth - column : 4;
        const int64_t at = ((k * s.outputHeight + row) * s.outputWidth + column) * kLanes;
        if (k + kChannelsAhead < s.outputs) {
          const int64_t ahead = (k + kChannelsAhead) * s.outputHeight * s.outputWidth * kLanes;
          prefetchArea<true>(y + ahead, {row, column, 4, 4}, s.outputHeight, s.outputWidth);
          if (e.addend && e.addend != y) {
            prefetchArea<false>(e.addend + ahead, {row, column, 4, 4}, s.outputHeight, s.outputWidth);
          }
        }
        pointsToOutput(y + at, m + (t * s.outputs + k) * kLanes, mStride, e.at(k, at), rows, columns, s.outputWidth);
      }
    }
  }
}

}  // namespace

const WinogradKernels<float> winogradKernels = {weights,   correlateScratch, correlateParts,
                                                correlate, gradientScratch,  weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
