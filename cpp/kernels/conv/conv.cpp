// Convolution with lanes over the batch, written once for every instruction set. See README.md in this folder.
#include "kernels/conv/gradient_products.h"
#include "kernels/conv/gradient_tile.h"
#include "kernels/conv/tile.h"
#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// ---- correlate ----

using TileFunction = void (*)(float* y, const float* addend, const float* x, const Walk& g);

template <int KT, int PX, int RowTaps>
CNNATIVE_NOINLINE void tileOf(float* y, const float* addend, const float* x, const Walk& g) {
  tile<KT, PX, RowTaps>(y, addend, x, g);
}

// AVX2's tiles have so few multiply-adds a tap that the loop over a row's taps takes a fifth of their time. Seven taps
// are as fast without.
template <int KT, int PX>
TileFunction tileFor(const Walk& g) {
  if (g.rows == 1 && g.columns == 1) return tileOf<KT, PX, kPoint>;
  if constexpr (kWidth == 8) {
    switch (g.columns) {
      case 1:
        return tileOf<KT, PX, 1>;
      case 2:
        return tileOf<KT, PX, 2>;
      case 3:
        return tileOf<KT, PX, 3>;
      case 4:
        return tileOf<KT, PX, 4>;
      case 5:
        return tileOf<KT, PX, 5>;
    }
  }
  return tileOf<KT, PX, kAnyTaps>;
}

// Where the pixels of a segment begin.
struct Place {
  float* y;
  const float *addend, *x;

  CNNATIVE_INLINE void tileAt(TileFunction tile, int64_t pixel, const Walk& row, const Walk& walk) const {
    const int64_t at = pixel * row.yPixel;
    tile(y + at, addend ? addend + at : nullptr, x + pixel * row.xPixel, walk);
  }
};

// Tiles of PX pixels of a row, and if wanted what is left one by one.
template <int KT, int PX>
CNNATIVE_INLINE void alongRow(const Place& place, const Walk& g, int64_t pixels, bool all) {
  const TileFunction tile = tileFor<KT, PX>(g);
  int64_t p = 0;
  for (; p + PX <= pixels; p += PX) place.tileAt(tile, p, g, g);
  if (!all) return;
  const TileFunction single = tileFor<KT, 1>(g);
  for (; p < pixels; p++) place.tileAt(single, p, g, g);
}

// What is left, together with the pixels below.
template <int KT, int PX>
CNNATIVE_INLINE void downRows(const Place& place, const Walk& g, int64_t pixels, int64_t xRow, int64_t yRow) {
  Walk down = g;
  down.xPixel = xRow, down.yPixel = yRow;
  const TileFunction tile = tileFor<KT, PX>(g);
  for (int64_t p = pixels / PX * PX; p < pixels; p++) place.tileAt(tile, p, g, down);
}

// Whether so many rows from oy on meet the same taps, each the same distance further down.
CNNATIVE_INLINE bool rowsAlike(const Correlation& c, int64_t oy, int64_t rows) {
  const TapRange& top = c.rows[oy];
  for (int64_t r = 1; r < rows; r++) {
    const TapRange& row = c.rows[oy + r];
    if (row.tap != top.tap || row.count != top.count) return false;
    if (row.input != top.input + r * (c.rows[oy + 1].input - top.input)) return false;
  }
  return true;
}

// Rows first..last of KT output channels, in bands: pixels that fill no tile of their row, all those at the borders,
// are taken with those below them.
template <int KT, int PX>
void plane(float* y, const float* x, const float* w, const Correlation& c, Walk g, int64_t first, int64_t last) {
  const int64_t taps = c.row.taps * c.column.taps, yRow = c.column.out * kLanes;
  const float* const addend = g.epilogue.addend;
  g.wChannel = taps * KT;
  g.wRow = c.rowTapStep * c.column.taps * KT;
  g.wColumn = c.columnTapStep * KT;
  int64_t band = 1;
  for (int64_t top = first; top < last; top += band) {
    band = top + PX <= last && rowsAlike(c, top, PX) ? int64_t(PX) : 1;
    const TapRange& row = c.rows[top];
    const int64_t xRow = band > 1 ? (c.rows[top + 1].input - row.input) * c.column.in * kLanes : 0;
    g.rows = row.count;
    const auto placeOf = [&](const Segment& segment, int64_t r) -> Place {
      g.columns = segment.taps.count;
      // Where no tap meets the input, only the bias is left.
      g.channels = g.rows > 0 && g.columns > 0 ? c.inputs : 0;
      g.xAhead = aheadOf<PX>(g);
      g.w = w + (row.tap * c.column.taps + segment.taps.tap) * KT;
      const int64_t out = (top + r) * yRow + segment.output * kLanes;
      const float* const in = x + (row.input * c.column.in + segment.taps.input) * kLanes + r * xRow;
      return {y + out, addend ? addend + out : nullptr, in};
    };
    for (int64_t r = 0; r < band; r++) {
      for (int64_t i = 0; i < c.segmentCount; i++) {
        const Place place = placeOf(c.segments[i], r);
        alongRow<KT, PX>(place, g, c.segments[i].pixels, band == 1);
      }
    }
    for (int64_t i = 0; band > 1 && i < c.segmentCount; i++) {
      const Place place = placeOf(c.segments[i], 0);
      downRows<KT, PX>(place, g, c.segments[i].pixels, xRow, yRow);
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

// Distances between weights as they are stored.
struct WeightSteps {
  int64_t output, input;
};

// to[inputs][taps][count] = the weights of so many output channels.
CNNATIVE_INLINE void packTile(float* to, const float* from, int64_t count, int64_t inputs, int64_t taps,
                              const WeightSteps& step) {
  for (int64_t c = 0; c < inputs; c++) {
    for (int64_t t = 0; t < taps; t++, to += count) {
      CNNATIVE_UNROLL
      for (int64_t i = 0; i < count; i++) to[i] = from[c * step.input + t + i * step.output];
    }
  }
}

// The same for kLanes output channels, whose weights are transposed in registers where enough of them lie side by side.
void packLanes(float* to, const float* from, int64_t inputs, int64_t taps, const WeightSteps& step) {
  const bool together = step.input == taps;
  const int64_t run = together ? inputs * taps : taps;
  if (run < kLanes) return packTile(to, from, kLanes, inputs, taps, step);
  for (int64_t c = 0; c < inputs; c += together ? inputs : 1, to += run * kLanes) {
    for (int64_t i = 0; i < run; i += kLanes) {
      // The last block of a run may overlap the one before.
      const int64_t first = smaller(i, run - kLanes);
      const float* rows = from + c * step.input + first;
      transposeBlock(to + first * kLanes, kLanes,
                     [&](int row, int v) { return load(rows + row * step.output + v * kWidth); });
    }
  }
}

// [outputs / tile][inputs][taps][tile], the order in which `tile` reads.
void pack(float* packed, const float* w, const WeightShape& s, bool swapped, int64_t first, int64_t last) {
  const int64_t outputs = swapped ? s.inputs : s.outputs, inputs = swapped ? s.outputs : s.inputs;
  const WeightSteps step = {(swapped ? 1 : s.inputs) * s.taps, (swapped ? s.inputs : 1) * s.taps};
  for (int64_t k = first; k < last;) {
    const int64_t count = tileOutputs(outputs - k, s.pixels);
    float* to = packed + k * inputs * s.taps;
    const float* from = w + k * step.output;
    // A loop for each of the usual widths: one of any width takes twice as long.
    switch (count) {
      case kLanes:
        packLanes(to, from, inputs, s.taps, step);
        break;
      case 8:
        packTile(to, from, 8, inputs, s.taps, step);
        break;
      case 6:
        packTile(to, from, 6, inputs, s.taps, step);
        break;
      default:
        packTile(to, from, count, inputs, s.taps, step);
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
