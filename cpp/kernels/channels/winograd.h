// Winograd's algorithm on single samples, lanes over the channels: ../winograd/README.md has the mathematics. The
// products at a point are a 1x1 convolution of an image whose pixels are the tiles.
#pragma once

#include "kernels/channels/rows.h"
#include "kernels/winograd/outputs.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Distances between the points of patches and of sums.
struct PointStrides {
  explicit PointStrides(const ChannelWinograd& c)
      : v(pointStride(channelBlocks(c.image.inputs), c.bandTiles)), m(pointStride(c.partBlocks, c.bandTiles)) {}
  int64_t v, m;
};

inline int64_t winogradScratch(const ChannelWinograd& c) {
  const PointStrides stride(c);
  return kPoints * (stride.v + stride.m);
}

// u[36], at each of them as `pack` has it for 1x1 kernels.
template <int R>
void weightsInLanes(float* u, const float* w, const ChannelWinograd& c, int64_t first, int64_t last) {
  const int64_t blocks = channelBlocks(c.image.outputs), C = c.image.inputs, point = blocks * kLanes * C;
  for (int64_t k = first; k < last;) {
    const int64_t count = tileBlocks(blocks - k), channels = count * kLanes;
    for (int64_t i = 0; i < C; i++) {
      for (int64_t o = 0; o < channels; o += kWidth) {
        Vec g[R * R], points[kPoints];
        for (int t = 0; t < R * R; t++) {
          const int tap = c.flip ? R * R - 1 - t : t;
          float taps[kWidth] = {};
          for (int64_t lane = 0; lane < kWidth; lane++) {
            const int64_t output = k * kLanes + o + lane;
            if (output < c.image.outputs) taps[lane] = w[(output * C + i) * (R * R) + tap];
          }
          g[t] = load(taps);
        }
        weightsToPoints<R>(g, points);
        for (int p = 0; p < kPoints; p++) store(u + p * point + k * kLanes * C + i * channels + o, points[p]);
      }
    }
    k += count;
  }
}

template <int R>
void winogradInLanes(float* y, const float* x, const float* u, const Epilogue<float>& e, const ChannelWinograd& c,
                     int64_t part, float* scratch) {
  constexpr int64_t M = kSide<R>;
  const WinogradShape& s = c.image;
  const int64_t runs = c.parts / c.bands, start = part / runs * c.bandTiles, first = part % runs * c.partBlocks;
  const int64_t tiles = smaller(c.tiles - start, c.bandTiles), across = (s.outputWidth + M - 1) / M;
  const int64_t blocks = channelBlocks(s.outputs), last = smaller(first + c.partBlocks, blocks);
  const PointStrides stride(c);
  float *v = scratch, *m = scratch + kPoints * stride.v;

  const int64_t plane = s.height * s.width * kLanes;
  for (int64_t b = 0; b < channelBlocks(s.inputs); b++) {
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t top = (start + t) / across * M - s.padTop, left = (start + t) % across * M - s.padLeft;
      patchToPoints(v + (b * tiles + t) * kLanes, stride.v, x + b * plane, top, left, s.height, s.width);
    }
  }

  ChannelConvolution products = {};
  products.inputs = s.inputs;
  products.row = {1, 1, 1, 1, 1, 0}, products.column = {tiles, tiles, 1, 1, 1, 0};
  const int64_t outputs = smaller(s.outputs - first * kLanes, (last - first) * kLanes);
  for (int p = 0; p < kPoints; p++) {
    const Band band = {v + p * stride.v, tiles * kLanes, 0, 0};
    convolveRows(m + p * stride.m, band, u + (p * blocks + first) * kLanes * s.inputs, {}, products, outputs, 0, 1);
  }

  for (int64_t b = first; b < last; b++) {
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t row = (start + t) / across * M, column = (start + t) % across * M;
      const int64_t at = ((b * s.outputHeight + row) * s.outputWidth + column) * kLanes;
      const int64_t rows = smaller(M, s.outputHeight - row), columns = smaller(M, s.outputWidth - column);
      const OutputTile to = {y + at, e.at(b * kLanes, at), rows, columns, s.outputWidth};
      pointsToOutput<R, Bias::ofLanes>(to, m + ((b - first) * tiles + t) * kLanes, stride.m);
    }
  }
}

inline void winogradWeights(float* u, const float* w, const ChannelWinograd& c, int64_t first, int64_t last) {
  (c.image.kernel == 3 ? weightsInLanes<3> : weightsInLanes<5>)(u, w, c, first, last);
}

inline void winograd(float* y, const float* x, const float* u, const Epilogue<float>& e, const ChannelWinograd& c,
                     int64_t part, float* scratch) {
  (c.image.kernel == 3 ? winogradInLanes<3> : winogradInLanes<5>)(y, x, u, e, c, part, scratch);
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
