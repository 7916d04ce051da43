// Dense layers, written once for every instruction set. Weight gradient: a block of 16 input features is transposed to
// [sample][feature] once and then serves all outputs, as register tiles of OT outputs x 16 features.
#include "kernels/conv/tile.h"
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// ---- products ----

// Inputs of a pass: so few that those of two groups and the weights of a tile stay in the first-level cache.
constexpr int64_t kPass = 128;

// KT outputs of a pass. As convolution of an image of which each lane group is a pixel.
template <int KT>
void outputs(float* y, const float* x, const Walk& g, int64_t groups) {
  // With fewer registers than AVX-512 has, the second group only finds the weights in the cache.
  if constexpr (kWidth == 16) {
    constexpr int kPaired = KT == 16 ? KT / 2 : KT;
    if (groups == 2) {
      Walk part = g;
      for (int k = 0; k < KT; k += kPaired) {
        part.w = g.w + k;
        part.epilogue = g.epilogue.at(k, k * kLanes);
        tile<kPaired, 2, kPoint>(y + k * kLanes, part.epilogue.addend, x, part);
      }
      return;
    }
  }
  for (int64_t i = 0; i < groups; i++) {
    const float* addend = g.epilogue.addend;
    tile<KT, 1, kPoint, true>(y + i * g.yPixel, addend ? addend + i * g.yPixel : nullptr, x + i * g.xPixel, g);
  }
}

void products(float* y, const float* x, const float* w, const Epilogue<float>& e, const DenseShape& d, int64_t first,
              int64_t last) {
  Walk g = {};
  g.xChannel = kLanes, g.xPixel = d.xStride;
  g.yChannel = kLanes, g.yPixel = d.yStride;
  for (int64_t c = 0; c < d.inputs; c += kPass) {
    g.channels = smaller(d.inputs - c, kPass);
    const Epilogue<float> pass = {c == 0 ? e.bias : nullptr, c == 0 ? nullptr : y, e.relu && c + kPass >= d.inputs};
    for (int64_t k = first; k < last;) {
      const int64_t count = tileOutputs(d.outputs - k, 1);
      g.wChannel = d.reductionMajor ? d.outputs : count;
      // Those of the tile that comes next; each row of reductionMajor holds some tiles beside each other.
      g.wAhead = d.reductionMajor ? kLanes : count * d.inputs;
      g.w = d.reductionMajor ? w + c * d.outputs + k : w + k * d.inputs + c * count;
      g.epilogue = pass.at(k, k * kLanes);
      const auto run = [&](auto size) { outputs<size()>(y + k * kLanes, x + c * kLanes, g, d.groups); };
      switch (count) {
#if defined(CNNATIVE_ISA_AVX512)
        case 16:
          run(Size<16>{});
          break;
        case 8:
          run(Size<8>{});
          break;
#endif
        case 6:
          run(Size<6>{});
          break;
        case 4:
          run(Size<4>{});
          break;
        case 3:
          run(Size<3>{});
          break;
        case 2:
          run(Size<2>{});
          break;
        default:
          run(Size<1>{});
      }
      k += count;
    }
  }
}

// ---- weight gradient ----

template <int OT>
CNNATIVE_INLINE void gradientTile(float* dw, int64_t dwStride, const float* dy, int64_t dyStride, const float* samples,
                                  int64_t groups, int64_t features) {
  Vec acc[OT][kVecs];
  CNNATIVE_UNROLL
  for (int o = 0; o < OT; o++) {
    CNNATIVE_UNROLL
    for (int v = 0; v < kVecs; v++) acc[o][v] = zero();
  }
  for (int64_t g = 0; g < groups; g++, dy += dyStride) {
    CNNATIVE_UNROLL_BY_4
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
      storeSum(to + v * kWidth, acc[o][v], features - v * kWidth, false);
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
    gradientTile<kTile>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
  for (; o + 4 <= g.outputs; o += 4) {
    gradientTile<4>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
  for (; o < g.outputs; o++) {
    gradientTile<1>(dw + o * g.inputs + first, g.inputs, dy + o * kLanes, g.dyStride, scratch, g.groups, features);
  }
}

}  // namespace

const DenseKernels<float> denseKernels = {products, weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
