// 1x1 convolutions with lanes over the batch, written once for every instruction set. See README.md in this folder.
#include "kernels/pointwise/pointwise.h"

#include "kernels/conv/tile.h"
#include "kernels/families.h"
#include "kernels/outer_products.h"
#include "kernels/pointwise/depthwise_panel.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

int64_t pixelsOf(const PointwiseShape& s) { return s.outputHeight * s.outputWidth; }

// The input pixel of an output pixel.
int64_t inputOf(const PointwiseShape& s, int64_t pixel) {
  return pixel / s.outputWidth * s.strideHeight * s.width + pixel % s.outputWidth * s.strideWidth;
}

// ---- correlate ----

// Pixels of a panel, in whole register tiles: memory likes long runs, of x as of y, better than it is asked ahead for
// short ones. At least four panels, for threads to share.
int64_t panelPixels(const PointwiseShape& s) {
  constexpr int64_t kPanelBytes = int64_t(192) << 10, kTile = 3;
  const int64_t quarter = (pixelsOf(s) + 4 * kTile - 1) / (4 * kTile) * kTile;
  const int64_t fitting = kPanelBytes / (s.inputs * kLanes * 4) / kTile * kTile;
  return larger(kTile, smaller(smaller(fitting, quarter), kMostPanelPixels));
}

// A part is a panel.
int64_t correlateParts(const PointwiseShape& s) { return (pixelsOf(s) + panelPixels(s) - 1) / panelPixels(s); }

int64_t correlateScratch(const PointwiseShape& s) { return s.inputs * panelPixels(s) * kLanes; }

// Tiles of a panel that is there already.
struct Panel {
  const float* panel;

  template <int KT, int PX>
  CNNATIVE_INLINE void multiply(float* y, const float* addend, int64_t pixel, const Walk& g) const {
    tile<KT, PX, kPoint>(y, addend, panel + pixel * kLanes, g);
  }
};

// Those of the first output channels fill it on their way: panel[C][pixels][L], side by side, what lies whole planes
// apart in x. Planes of a power of two would share a set of the cache, and every output channel would fetch them again.
// Meanwhile the CPU looks ahead in x, as it could not in a copy without products.
struct PanelToFill {
  float* panel;
  const float* x;
  int64_t plane;
  int64_t at[kMostPanelPixels];  // of each pixel in a plane of x

  template <int KT, int PX>
  CNNATIVE_INLINE void multiply(float* y, const float* addend, int64_t pixel, const Walk& g) const {
    if constexpr (kAsksAhead) askForOutputs<KT, PX>(y, g);
    Accumulators<KT, PX> acc;
    begin<KT, PX>(acc, addend, g);
    // Copied, for GCC takes it that the stores below may change them.
    const int64_t channels = g.channels, xStep = plane, step = g.xChannel, wStep = g.wChannel;
    int64_t offset[PX];
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) offset[p] = at[pixel + p];
    const float *from = x, *w = g.w;
    float* to = panel + pixel * kLanes;
    for (int64_t c = 0; c < channels; c++, from += xStep, to += step, w += wStep) {
      Pixels<PX> in;
      CNNATIVE_UNROLL
      for (int p = 0; p < PX; p++) {
        if constexpr (kAsksAhead) prefetch<false>(from + offset[p] + 2 * kLanes);
        CNNATIVE_UNROLL
        for (int v = 0; v < kVecs; v++) {
          in[p][v] = load(from + offset[p] + v * kWidth);
          store(to + p * kLanes + v * kWidth, in[p][v]);
        }
      }
      multiplyAdd<KT, PX>(acc, in, w);
    }
    finish<KT, PX>(y, acc, g);
  }
};

// KT output channels of a panel.
template <int KT, int PX, class Source>
CNNATIVE_INLINE void rowOfTiles(float* y, const Source& source, const Walk& g, int64_t pixels) {
  const float* addend = g.epilogue.addend;
  int64_t p = 0;
  for (; p + PX <= pixels; p += PX) {
    source.template multiply<KT, PX>(y + p * kLanes, addend ? addend + p * kLanes : nullptr, p, g);
  }
  for (; p < pixels; p++) {
    source.template multiply<KT, 1>(y + p * kLanes, addend ? addend + p * kLanes : nullptr, p, g);
  }
}

template <class Source>
void rowOf(float* y, const Source& source, const Walk& g, int64_t pixels, int64_t count) {
  switch (count) {
#if defined(CNNATIVE_ISA_AVX512)
    case 8:
      return rowOfTiles<8, 3>(y, source, g, pixels);
    case 6:
      return rowOfTiles<6, 2>(y, source, g, pixels);
    case 4:
      return rowOfTiles<4, 4>(y, source, g, pixels);
    case 3:
      return rowOfTiles<3, 4>(y, source, g, pixels);
    case 2:
      return rowOfTiles<2, 8>(y, source, g, pixels);
    default:
      return rowOfTiles<1, 8>(y, source, g, pixels);
#else
    case 6:
      return rowOfTiles<6, 1>(y, source, g, pixels);
    case 4:
      return rowOfTiles<4, 1>(y, source, g, pixels);
    case 3:
      return rowOfTiles<3, 2>(y, source, g, pixels);
    case 2:
      return rowOfTiles<2, 2>(y, source, g, pixels);
    default:
      return rowOfTiles<1, 4>(y, source, g, pixels);
#endif
  }
}

// Panel by panel. firstRow(panel, pixel, pixels, multiply) fills one and calls multiply(source) for the first output
// channels.
template <class FirstRow>
CNNATIVE_INLINE void multiplyPanels(float* y, const float* w, const Epilogue<float>& e, const PointwiseShape& s,
                                    int64_t first, int64_t last, float* panel, const FirstRow& firstRow) {
  const int64_t most = panelPixels(s), all = pixelsOf(s), plane = all * kLanes, end = smaller(last * most, all);
  Walk g = {};
  g.channels = s.inputs;
  g.yChannel = plane;
  g.yPixel = g.xPixel = kLanes;
  for (int64_t pixel = first * most; pixel < end; pixel += most) {
    const int64_t pixels = smaller(end - pixel, most);
    g.xChannel = pixels * kLanes;
    for (int64_t k = 0; k < s.outputs;) {
      const int64_t count = tileOutputs(s.outputs - k, 2), at = k * plane + pixel * kLanes;
      g.w = w + k * s.inputs;
      g.wChannel = count;
      g.epilogue = e.at(k, at);
      const auto multiply = [&](const auto& source) { rowOf(y + at, source, g, pixels, count); };
      if (k == 0) {
        firstRow(panel, pixel, pixels, multiply);
      } else {
        multiply(Panel{panel});
      }
      k += count;
    }
  }
}

void correlate(float* y, const float* x, const float* w, const Epilogue<float>& e, const PointwiseShape& s,
               int64_t first, int64_t last, float* scratch) {
  multiplyPanels(y, w, e, s, first, last, scratch,
                 [&](float* panel, int64_t pixel, int64_t pixels, const auto& multiply) {
                   PanelToFill source = {panel, x, s.height * s.width * kLanes, {}};
                   for (int64_t p = 0; p < pixels; p++) source.at[p] = inputOf(s, pixel + p) * kLanes;
                   multiply(source);
                 });
}

void correlateSeparable(float* y, const float* x, const DepthwiseBefore<float>& d, const float* w,
                        const Epilogue<float>& e, const PointwiseShape& s, int64_t first, int64_t last,
                        float* scratch) {
  multiplyPanels(y, w, e, s, first, last, scratch,
                 [&](float* panel, int64_t pixel, int64_t pixels, const auto& multiply) {
                   fillDepthwisePanel(panel, x, d, s.inputs, pixel, pixels);
                   multiply(Panel{panel});
                 });
}

// ---- weight gradient: gradients are scalars, inputs vectors of input channels ----

// Pixels whose products are added before the sums go back to memory.
constexpr int64_t kGradientPixels = 24;

int64_t paddedInputs(const PointwiseShape& s) { return (s.inputs + kLanes - 1) / kLanes * kLanes; }

int64_t gradientScratch(const PointwiseShape& s) { return (kGradientPixels * kLanes + s.outputs) * paddedInputs(s); }

// The lines of channels lie too far apart for the CPU to fetch them by itself, and are asked for so much earlier.
constexpr int64_t kPixelsAhead = 2;

// The vectors of one of so many pixels, in columns: to[sample][C padded] = x[C][sample], zeros for the channels that
// pad.
void transposePixel(float* to, const float* x, const PointwiseShape& s, int64_t pixel, int64_t pixels) {
  const int64_t plane = s.height * s.width * kLanes;
  for (int64_t c = 0; c < s.inputs; c += kLanes, x += plane * kLanes) {
    const Column column = columnAt(c, paddedInputs(s), pixels * kLanes);
    float* block = to + column.offset + pixel * kLanes * column.stride;
    const int64_t channels = s.inputs - c;
    if (channels >= kLanes) {
      CNNATIVE_UNROLL
      for (int i = 0; i < kLanes; i++) prefetch<false>(x + i * plane + kPixelsAhead * kLanes);
      transposeBlock(block, column.stride, [&](int i, int v) { return load(x + i * plane + v * kWidth); });
    } else {
      transposeBlock(block, column.stride,
                     [&](int i, int v) { return i < channels ? load(x + i * plane + v * kWidth) : zero(); });
    }
  }
}

void weightGradient(float* dw, const float* dy, const float* x, bool accumulate, const PointwiseShape& s, int64_t first,
                    int64_t last, float* scratch) {
  const int64_t C = paddedInputs(s), K = last - first, all = pixelsOf(s), plane = all * kLanes;
  float *sums = scratch, *inputs = sums + K * C;
  for (int64_t pixel = 0; pixel < all; pixel += kGradientPixels) {
    const int64_t pixels = smaller(all - pixel, kGradientPixels);
    for (int64_t p = 0; p < pixels; p++) transposePixel(inputs, x + inputOf(s, pixel + p) * kLanes, s, p, pixels);
    const int64_t ahead = pixel + 2 * pixels <= all ? pixels * kLanes : 0;
    addProducts(sums, {dy + first * plane + pixel * kLanes, kLanes, plane, ahead}, {inputs, kColumn * pixels * kLanes},
                K, C, 1, pixels, pixel == 0);
  }
  for (int64_t k = 0; k < K; k++) {
    for (int64_t c = 0; c < s.inputs; c += kWidth) {
      storeSum(dw + (first + k) * s.inputs + c, load(sums + k * C + c), s.inputs - c, accumulate);
    }
  }
}

}  // namespace

const PointwiseKernels<float> pointwiseKernels = {correlateParts,     correlateScratch, correlate,
                                                  correlateSeparable, gradientScratch,  weightGradient};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
