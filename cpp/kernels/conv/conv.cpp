// Convolution with lanes over the batch, written once for every instruction set. See README.md in this folder.
#include "kernels/conv/gradient_products.h"
#include "kernels/conv/gradient_tile.h"
#include "kernels/conv/tile.h"
#include "kernels/families.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// ---- correlate ----

template <bool Value>
struct Constant {
  constexpr bool operator()() const { return Value; }
};

// Rows first..last of KT output channels.
template <int KT, int PX>
void plane(float* y, const float* x, const float* w, const Correlation& c, Walk g, int64_t first, int64_t last) {
  const int64_t taps = c.row.taps * c.column.taps;
  g.wChannel = taps * KT;
  g.wRow = c.rowTapStep * c.column.taps * KT;
  g.wColumn = c.columnTapStep * KT;
  for (int64_t oy = first; oy < last; oy++) {
    const TapRange& row = c.rows[oy];
    g.rows = row.count;
    for (int64_t i = 0; i < c.segmentCount; i++) {
      const Segment& segment = c.segments[i];
      g.columns = segment.taps.count;
      g.w = w + (row.tap * c.column.taps + segment.taps.tap) * KT;
      const float* in = x + (row.input * c.column.in + segment.taps.input) * kLanes;
      const int64_t out = (oy * c.column.out + segment.output) * kLanes;
      const float* const addend = g.epilogue.addend;
      const auto sweep = [&](auto point) {
        const auto pixels = [&](auto size, int64_t p) {
          const int64_t at = out + p * g.yPixel;
          tile<KT, size(), point()>(y + at, addend ? addend + at : nullptr, in + p * g.xPixel, g);
        };
        int64_t p = 0;
        for (; p + PX <= segment.pixels; p += PX) pixels(Size<PX>{}, p);
        for (; p < segment.pixels; p++) pixels(Size<1>{}, p);
      };
      if (g.rows == 1 && g.columns == 1) {
        sweep(Constant<true>{});
      } else {
        sweep(Constant<false>{});
      }
    }
  }
}

// Output channels k..k + count, a tile of them.
void planeOf(float* y, const float* x, const float* w, const Correlation& c, const Walk& g, int64_t count,
             int64_t first, int64_t last) {
  switch (count) {
#if defined(CNNATIVE_ISA_AVX512)
    case 16:
      return plane<16, 1>(y, x, w, c, g, first, last);
    case 8:
      return plane<8, 3>(y, x, w, c, g, first, last);
    case 6:
      return plane<6, 4>(y, x, w, c, g, first, last);
    case 4:
      return plane<4, 4>(y, x, w, c, g, first, last);
    case 3:
      return plane<3, 6>(y, x, w, c, g, first, last);
    case 2:
      return plane<2, 8>(y, x, w, c, g, first, last);
    default:
      return plane<1, 12>(y, x, w, c, g, first, last);
#else
    case 6:
      return plane<6, 1>(y, x, w, c, g, first, last);
    case 4:
      return plane<4, 1>(y, x, w, c, g, first, last);
    case 3:
      return plane<3, 2>(y, x, w, c, g, first, last);
    case 2:
      return plane<2, 3>(y, x, w, c, g, first, last);
    default:
      return plane<1, 4>(y, x, w, c, g, first, last);
#endif
  }
}

void correlate(float* y, const float* x, const float* w, const Epilogue<float>& e, const Correlation& c, int64_t first,
               int64_t last) {
  Walk g = {};
  g.channels = c.inputs;
  g.xChannel = c.row.in * c.column.in * kLanes;
  g.xRow = c.rowInputStep * c.column.in * kLanes;
  g.xColumn = c.columnInputStep * kLanes;
  g.xPixel = c.pixelInputStep * kLanes;
  g.yChannel = c.row.out * c.column.out * kLanes;
  g.yPixel = c.columnOutputStep * kLanes;
  const int64_t taps = c.row.taps * c.column.taps, pixels = c.row.out * c.column.out;
  for (int64_t part = first; part < last; part++) {
    const CorrelationPart p = partOf(c, part);
    for (int64_t k = p.firstOutput; k < p.lastOutput;) {
      const int64_t count = tileOutputs(c.outputs - k, pixels);
      g.epilogue = e.at(k, k * g.yChannel);
      planeOf(y + k * g.yChannel, x, w + k * c.inputs * taps, c, g, count, p.firstRow, p.lastRow);
      k += count;
    }
  }
}

// [outputs / tile][inputs][taps][tile], the order in which `tile` reads.
void pack(float* packed, const float* w, const WeightShape& s, bool swapped, int64_t first, int64_t last) {
  const int64_t outputs = swapped ? s.inputs : s.outputs, inputs = swapped ? s.outputs : s.inputs;
  const int64_t outputStep = (swapped ? 1 : s.inputs) * s.taps, inputStep = (swapped ? s.inputs : 1) * s.taps;
  for (int64_t k = first; k < last;) {
    const int64_t count = tileOutputs(outputs - k, s.pixels);
    float* to = packed + k * inputs * s.taps;
    for (int64_t c = 0; c < inputs; c++) {
      for (int64_t t = 0; t < s.taps; t++, to += count) {
        const float* from = w + k * outputStep + c * inputStep + t;
        for (int64_t i = 0; i < count; i++) to[i] = from[i * outputStep];
      }
    }
    k += count;
  }
}

// ---- weight gradient ----

int64_t gradientScratch(const WeightGradient& g) { return usesProducts(g) ? productsScratch(g) : 0; }

void weightGradient(float* dw, const float* dy, const float* x, bool accumulate, const WeightGradient& g, int64_t first,
                    int64_t last, float* scratch) {
  if (usesProducts(g)) {
    gradientByProducts(dw, dy, x, accumulate, g, first, last, scratch);
  } else {
    gradientByTiles(dw, dy, x, accumulate, g, first, last);
  }
}

}  // namespace

const ConvKernels<float> convKernels = {correlate, gradientScratch, weightGradient, pack};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
