// Winograd convolution with lanes over the batch, written once for every instruction set.
#include "kernels/families.h"
#include "kernels/outer_products.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Interpolation points 0, +-A, +-B, infinity. With 3/4 and 3/2 the constants of both data transforms are exact in float
// and the error is 2 to 4 times below that of the textbook's 1 and 2.
constexpr float A = 0.75f, B = 1.5f, A2 = A * A, B2 = B * B;
// What each point's Lagrange polynomial is divided by.
constexpr double kScale[6] = {1.0 / (double(A2) * B2),
                              1.0 / (2.0 * A2 * (double(A2) - B2)),
                              1.0 / (2.0 * A2 * (double(A2) - B2)),
                              1.0 / (2.0 * B2 * (double(B2) - A2)),
                              1.0 / (2.0 * B2 * (double(B2) - A2)),
                              1.0};
constexpr int kPoints = static_cast<int>(kWinogradPoints);

// ---- one-dimensional transforms ----

// Six inputs, as values at the six points.
CNNATIVE_INLINE void transformInput(const Vec (&d)[6], Vec (&v)[6]) {
  const Vec minusSum = splat(-(A2 + B2)), product = splat(A2 * B2);
  const Vec evenA = fma(splat(-B2), d[2], d[4]), oddA = splat(A) * fma(splat(-B2), d[1], d[3]);
  const Vec evenB = fma(splat(-A2), d[2], d[4]), oddB = splat(B) * fma(splat(-A2), d[1], d[3]);
  v[0] = fma(product, d[0], fma(minusSum, d[2], d[4]));
  v[1] = evenA + oddA;
  v[2] = evenA - oddA;
  v[3] = evenB + oddB;
  v[4] = evenB - oddB;
  v[5] = fma(product, d[1], fma(minusSum, d[3], d[5]));
}

// Values at the six points, as four outputs.
CNNATIVE_INLINE void transformOutput(const Vec (&m)[6], Vec (&y)[4]) {
  const Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
  y[0] = (m[0] + sumA) + sumB;
  y[1] = fma(splat(A), differenceA, splat(B) * differenceB);
  y[2] = fma(splat(A2), sumA, splat(B2) * sumB);
  y[3] = fma(splat(A * A2), differenceA, fma(splat(B * B2), differenceB, m[5]));
}

// Four gradients, as values at the six points; not divided by the scales yet.
CNNATIVE_INLINE void transformGradient(const Vec (&d)[4], Vec (&u)[6]) {
  const Vec evenA = fma(splat(A2), d[2], d[0]), oddA = splat(A) * fma(splat(A2), d[3], d[1]);
  const Vec evenB = fma(splat(B2), d[2], d[0]), oddB = splat(B) * fma(splat(B2), d[3], d[1]);
  u[0] = d[0];
  u[1] = evenA + oddA;
  u[2] = evenA - oddA;
  u[3] = evenB + oddB;
  u[4] = evenB - oddB;
  u[5] = d[3];
}

// Values at the six points, as three taps.
CNNATIVE_INLINE void transformTaps(const Vec (&m)[6], Vec (&w)[3]) {
  const Vec sumA = m[1] + m[2], differenceA = m[1] - m[2], sumB = m[3] + m[4], differenceB = m[3] - m[4];
  w[0] = (m[0] + sumA) + sumB;
  w[1] = fma(splat(A), differenceA, splat(B) * differenceB);
  w[2] = fma(splat(A2), sumA, fma(splat(B2), sumB, m[5]));
}

// ---- two-dimensional transforms of a tile, a vector of samples at a time ----

// to[point * stride] = the 6x6 patch of x whose first row and column are given, zeros outside the image.
template <bool Inside>
CNNATIVE_INLINE void patchToPoints(float* to, int64_t stride, const float* x, int64_t top, int64_t left, int64_t height,
                                   int64_t width) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec columns[6][6];  // [transformed row][column]
    for (int c = 0; c < 6; c++) {
      Vec d[6], t[6];
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) {
        const int64_t row = top + r, column = left + c;
        const bool real = Inside || (row >= 0 && row < height && column >= 0 && column < width);
        d[r] = real ? load(x + (row * width + column) * kLanes + v) : zero();
      }
      transformInput(d, t);
      CNNATIVE_UNROLL
      for (int r = 0; r < 6; r++) columns[r][c] = t[r];
    }
    for (int r = 0; r < 6; r++) {
      Vec t[6];
      transformInput(columns[r], t);
      CNNATIVE_UNROLL
      for (int c = 0; c < 6; c++) store(to + (r * 6 + c) * stride + v, t[c]);
    }
  }
}

void patchToPoints(float* to, int64_t stride, const float* x, int64_t top, int64_t left, int64_t height,
                   int64_t width) {
  if (top >= 0 && left >= 0 && top + 6 <= height && left + 6 <= width) {
    patchToPoints<true>(to, stride, x, top, left, height, width);
  } else {
    patchToPoints<false>(to, stride, x, top, left, height, width);
  }
}

// to[point * stride] = the 4x4 gradients at from[pixel * step].
CNNATIVE_INLINE void gradientToPoints(float* to, int64_t stride, const float* from, int64_t step) {
  Vec columns[6][4];
  for (int c = 0; c < 4; c++) {
    Vec d[4], t[6];
    CNNATIVE_UNROLL
    for (int r = 0; r < 4; r++) d[r] = load(from + (r * 4 + c) * step);
    transformGradient(d, t);
    CNNATIVE_UNROLL
    for (int r = 0; r < 6; r++) columns[r][c] = t[r];
  }
  for (int r = 0; r < 6; r++) {
    Vec t[6];
    transformGradient(columns[r], t);
    CNNATIVE_UNROLL
    for (int c = 0; c < 6; c++) store(to + (r * 6 + c) * stride, t[c]);
  }
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

// ---- correlate ----

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

// One vector more than the data, so that the 36 points of a power of two channels do not fall into one cache set.
int64_t pointStride(int64_t channels, int64_t tiles) { return (tiles * channels + 1) * kLanes; }

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
            float* to = u + (p * 6 + q) * K * C + k * C + c * count + i;
            if (left >= kWidth) {
              store(to, t[q]);
            } else {
              storeFirst(to, t[q], left);
            }
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

struct Area {
  int64_t top, left, rows, columns;
};

// Asks for the part of an area that lies in the image. Inlined always: GCC drops calls of functions that only prefetch.
template <bool Write>
CNNATIVE_INLINE void prefetchArea(const float* plane, const Area& a, int64_t height, int64_t width) {
  const int64_t bottom = a.top + a.rows < height ? a.top + a.rows : height;
  const int64_t right = a.left + a.columns < width ? a.left + a.columns : width;
  for (int64_t row = a.top < 0 ? 0 : a.top; row < bottom; row++) {
    for (int64_t column = a.left < 0 ? 0 : a.left; column < right; column++) {
      prefetch<Write>(plane + (row * width + column) * kLanes);
    }
  }
}

// The lines that a patch does not share with the patch to its left.
Area patchArea(int64_t top, int64_t left) { return {top, left + 2, 6, 4}; }

// Share p of 36 of the 4x4 areas of `channels` planes, to be read: spread over the products, which leave the memory
// idle. Without it transforms wait for memory twice as long as they work.
CNNATIVE_INLINE void prefetchTiles(const float* plane, int64_t channels, int64_t height, int64_t width,
                                   int64_t firstTile, int64_t tiles, int64_t across, int64_t shiftDown,
                                   int64_t shiftRight, int p) {
  const int64_t pairs = channels * tiles;
  for (int64_t i = pairs * p / kPoints; i < pairs * (p + 1) / kPoints; i++) {
    const int64_t tile = firstTile + i % tiles;
    const Area area = {tile / across * 4 + shiftDown, tile % across * 4 + shiftRight, 4, 4};
    prefetchArea<false>(plane + i / tiles * height * width * kLanes, area, height, width);
  }
}

// Where planes are a power of two, many channels of a tile share few sets of the cache, and what was asked for during
// the products is gone before its turn. So the transforms ask again, so many channels ahead.
constexpr int64_t kChannelsAhead = 2;

int64_t tilesOf(const WinogradShape& s) { return (s.outputWidth + 3) / 4 * ((s.outputHeight + 3) / 4); }

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

// ---- weight gradient: the patches' points are scalars, those of the gradients are vectors of output channels ----

int64_t paddedOutputs(const WinogradShape& s) { return (s.outputs + kLanes - 1) / kLanes * kLanes; }

// Tiles whose products are added before the sums go back to memory.
constexpr int64_t kGradientTiles = 4;

// Distance of the sums of two points, again no power of two.
int64_t sumStride(const WinogradShape& s) { return pointStride(s.inputs * (paddedOutputs(s) / kLanes), 1); }

int64_t gradientScratch(const WinogradShape& s) {
  const int64_t points = pointStride(s.inputs, kGradientTiles) + pointStride(paddedOutputs(s), kGradientTiles);
  return kPoints * (sumStride(s) + points) + 16 * kLanes * kLanes;
}

// Sixteen 16x16 blocks [pixel][sample][channel]: the gradients of a tile, channels innermost; zeros outside.
void transposeGradients(float* to, const float* dy, int64_t channels, int64_t row, int64_t column,
                        const WinogradShape& s) {
  const int64_t plane = s.outputHeight * s.outputWidth * kLanes;
  for (int64_t pixel = 0; pixel < 16; pixel++, to += kLanes * kLanes) {
    const int64_t y = row + pixel / 4, x = column + pixel % 4;
    const bool inside = y < s.outputHeight && x < s.outputWidth;
    const float* from = dy + (y * s.outputWidth + x) * kLanes;
    if (inside && channels >= kLanes) {
      transposeBlock(to, kLanes, [&](int i, int v) { return load(from + i * plane + v * kWidth); });
    } else {
      transposeBlock(to, kLanes, [&](int i, int v) {
        return inside && i < channels ? load(from + i * plane + v * kWidth) : zero();
      });
    }
  }
}

// dw[9][C][K] (+)= the taps of the sums [36][first..last of C][K padded].
void sumsToTaps(float* dw, const float* sums, bool accumulate, const WinogradShape& s, int64_t first, int64_t last) {
  const int64_t K = paddedOutputs(s), stride = sumStride(s);
  for (int64_t c = first; c < last; c++) {
    for (int64_t k = 0; k < s.outputs; k += kWidth) {
      Vec half[3][6];
      for (int q = 0; q < 6; q++) {
        Vec m[6], t[3];
        CNNATIVE_UNROLL
        for (int p = 0; p < 6; p++) {
          m[p] = load(sums + (p * 6 + q) * stride + (c - first) * K + k) *
                 splat(static_cast<float>(kScale[p] * kScale[q]));
        }
        transformTaps(m, t);
        for (int r = 0; r < 3; r++) half[r][q] = t[r];
      }
      const int64_t left = s.outputs - k;
      for (int r = 0; r < 3; r++) {
        Vec t[3];
        transformTaps(half[r], t);
        for (int q = 0; q < 3; q++) {
          float* to = dw + ((r * 3 + q) * s.inputs + c) * s.outputs + k;
          if (left >= kWidth) {
            store(to, accumulate ? load(to) + t[q] : t[q]);
          } else {
            storeFirst(to, accumulate ? loadFirst(to, left) + t[q] : t[q], left);
          }
        }
      }
    }
  }
}

void weightGradient(float* dw, const float* dy, const float* x, bool accumulate, const WinogradShape& s, int64_t first,
                    int64_t last, float* scratch) {
  const int64_t most = kGradientTiles, across = (s.outputWidth + 3) / 4, all = tilesOf(s);
  const int64_t C = last - first, K = paddedOutputs(s);
  x += first * s.height * s.width * kLanes;
  const int64_t vStride = pointStride(C, most), dStride = pointStride(K, most), sStride = sumStride(s);
  float* sums = scratch;
  float* v = sums + kPoints * sStride;
  float* d = v + kPoints * vStride;
  float* pixels = d + kPoints * dStride;
  for (int64_t start = 0; start < all; start += most) {
    const int64_t tiles = all - start < most ? all - start : most;
    for (int64_t c = 0; c < C; c++) {
      for (int64_t t = 0; t < tiles; t++) {
        const int64_t top = (start + t) / across * 4 - s.padTop, left = (start + t) % across * 4 - s.padLeft;
        if (c + kChannelsAhead < C) {
          const float* ahead = x + (c + kChannelsAhead) * s.height * s.width * kLanes;
          prefetchArea<false>(ahead, patchArea(top, left), s.height, s.width);
        }
        patchToPoints(v + (t * C + c) * kLanes, vStride, x + c * s.height * s.width * kLanes, top, left, s.height,
                      s.width);
      }
    }
    for (int64_t k = 0; k < s.outputs; k += kLanes) {
      const float* plane = dy + k * s.outputHeight * s.outputWidth * kLanes;
      for (int64_t t = 0; t < tiles; t++) {
        transposeGradients(pixels, plane, s.outputs - k, (start + t) / across * 4, (start + t) % across * 4, s);
        const Column column = columnAt(k, K, tiles * kLanes);
        for (int64_t l = 0; l < kLanes; l++) {
          for (int64_t i = 0; i < kLanes; i += kWidth) {
            gradientToPoints(d + column.offset + (t * kLanes + l) * column.stride + i, dStride, pixels + l * kLanes + i,
                             kLanes * kLanes);
          }
        }
      }
    }
    const int64_t next = start + tiles, nextTiles = all - next < most ? all - next : most;
    for (int p = 0; p < kPoints; p++) {
      prefetchTiles(x, C, s.height, s.width, next, nextTiles, across, 2 - s.padTop, 2 - s.padLeft, p);
      prefetchTiles(dy, s.outputs, s.outputHeight, s.outputWidth, next, nextTiles, across, 0, 0, p);
      addProducts(sums + p * sStride, {v + p * vStride, C * kLanes, kLanes, 0}, d + p * dStride, C, K, tiles,
                  start == 0);
    }
  }
  sumsToTaps(dw, sums, accumulate, s, first, last);
}

}  // namespace

const WinogradKernels<float> winogradKernels = {weights,   correlateScratch, correlateParts,
                                                correlate, gradientScratch,  weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
