// Weight gradient of dense layers: a block of 16 input features is transposed to [sample][feature] once and then serves
// all outputs, as register tiles of OT outputs x 16 features.
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

template <int OT>
CNNATIVE_INLINE void tile(float* dw, int64_t dwStride, const float* dy, int64_t dyStride, const float* samples,
                          int64_t groups, int64_t features) {
  Vec acc[OT][kVecs];
  CNNATIVE_UNROLL
  for (int o = 0; o < OT; o++) {
    CNNATIVE_UNROLL
    for (int v = 0; v < kVecs; v++) acc[o][v] = zero();
  }
  for (int64_t g = 0; g < groups; g++, dy += dyStride) {
    for (int l = 0; l < kLanes; l++, samples += kDenseBlock) {
      Vec in[kVecs];
      CNNATIVE_UNROLL
      for (int v = 0; v < kVecs; v++) in[v] = load(samples + v * kWidth);
      CNNATIVE_UNROLL
      for (int o = 0; o < OT; o++) {
        const Vec d = splat(dy[o * kLanes + l]);
        CNNATIVE_UNROLL
        for (int v = 0; v < kVecs; v++) acc[o][v] = fma(d, in[v], acc[o][v]);
      }
    }
  }
  CNNATIVE_UNROLL
  for (int o = 0; o < OT; o++) {
    float* to = dw + o * dwStride;
    CNNATIVE_UNROLL
    for (int v = 0; v < kVecs; v++) {
      const int64_t left = features - v * kWidth;
      if (left >= kWidth) {
        store(to + v * kWidth, acc[o][v]);
      } else if (left > 0) {
        storeFirst(to + v * kWidth, acc[o][v], left);
      }
    }
  }
}

void weightGradient(float* dw, const float* dy, const float* x, const DenseGradientShape& g, int64_t first,
                    int64_t last, float* scratch) {
  static_assert(kDenseBlock == kLanes, "a block of features is transposed as one block of lanes");
  constexpr int kTile = kWidth == 16 ? 16 : 6;
  const int64_t features = last - first;
  for (int64_t i = 0; i < g.groups; i++) {
    const float* from = x + i * g.xStride + first * kLanes;
    transposeBlock(scratch + i * kLanes * kDenseBlock, kDenseBlock,
                   [&](int row, int v) { return row < features ? load(from + row * kLanes + v * kWidth) : zero(); });
  }
  int64_t o = 0;
  for (; o + kTile <= g.outputs; o += kTile) {
    tile<kTile>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
  for (; o + 4 <= g.outputs; o += 4) {
    tile<4>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
  for (; o < g.outputs; o++) {
    tile<1>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
}

}  // namespace

const DenseKernels<float> denseKernels = {weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
