// Convolution of a single sample with lanes over the channels, written once for every instruction set. See README.md in
// this folder.
#include "kernels/channels/channels.h"

#include "kernels/families.h"
#include "simd/vec.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// ---- the band: the rows of x that a part reads, with a border of zeros ----

// Columns are sorted by their phase of the stride, so that neighbouring outputs always read neighbouring pixels:
// band[C / 16][row][phase][column][16].
struct Band {
  const float* data;
  int64_t block, row, phase;  // distances in floats
};

int64_t bandRows(const ChannelConvolution& c, int64_t rows) {
  return (rows - 1) * c.row.stride + (c.row.taps - 1) * c.row.dilation + 1;
}

int64_t bandColumns(const ChannelConvolution& c) {
  const ChannelAxis& a = c.column;
  return ((a.out - 1) * a.stride + (a.taps - 1) * a.dilation) / a.stride + 1;
}

// Whether every tap of every output lies in the image, and outputs read neighbouring pixels already.
bool isPlain(const ChannelConvolution& c) {
  const auto inside = [](const ChannelAxis& a) {
    return a.padding == 0 && (a.out - 1) * a.stride + (a.taps - 1) * a.dilation < a.in;
  };
  return c.column.stride == 1 && inside(c.row) && inside(c.column);
}

int64_t scratch(const ChannelConvolution& c) {
  if (isPlain(c)) return 0;
  return channelBlocks(c.inputs) * bandRows(c, c.bandRows) * c.column.stride * bandColumns(c) * kLanes;
}

CNNATIVE_INLINE void copyPixel(float* to, const float* from) {
  for (int v = 0; v < kLanes; v += kWidth) store(to + v, load(from + v));
}

CNNATIVE_INLINE void clearPixel(float* to) {
  for (int v = 0; v < kLanes; v += kWidth) store(to + v, zero());
}

// Blocks first..last of x, for output rows top..bottom.
Band bandOf(const float* x, const ChannelConvolution& c, int64_t top, int64_t bottom, int64_t first, int64_t last,
            float* to) {
  const int64_t firstRow = top * c.row.stride - c.row.padding, plane = c.row.in * c.column.in * kLanes;
  if (isPlain(c)) return {x + first * plane + firstRow * c.column.in * kLanes, plane, c.column.in * kLanes, 0};
  const int64_t rows = bandRows(c, bottom - top), columns = bandColumns(c), stride = c.column.stride;
  const Band band = {to, rows * stride * columns * kLanes, stride * columns * kLanes, columns * kLanes};
  for (int64_t b = first; b < last; b++) {
    for (int64_t r = 0; r < rows; r++) {
      const int64_t row = firstRow + r;
      const bool real = row >= 0 && row < c.row.in;
      const float* from = x + b * plane + row * c.column.in * kLanes;
      float* line = to + (b - first) * band.block + r * band.row;
      for (int64_t phase = 0; phase < stride; phase++, line += band.phase) {
        for (int64_t j = 0; j < columns; j++) {
          const int64_t column = j * stride + phase - c.column.padding;
          if (real && column >= 0 && column < c.column.in) {
            copyPixel(line + j * kLanes, from + column * kLanes);
          } else {
            clearPixel(line + j * kLanes);
          }
        }
      }
    }
  }
  return band;
}

// Where tap s of the first pixel of a band's row begins.
CNNATIVE_INLINE int64_t columnOf(const Band& band, const ChannelAxis& a, int64_t s) {
  const int64_t column = s * a.dilation;
  return column % a.stride * band.phase + column / a.stride * kLanes;
}

// ---- a register tile of KB blocks of output channels x PX pixels ----

// The most pixels beside KB blocks that stay in registers with the weights of one input channel.
constexpr int kMostPixels[kChannelTileBlocks + 1] = {0, kWidth == 16 ? 16 : 6, 12};
// More than one block only where a block is one register.
constexpr int kMostBlocks = kWidth == 16 ? kChannelTileBlocks : 1;

// Blocks of output channels of the next tile.
int64_t tileBlocks(int64_t remaining) { return remaining >= kMostBlocks ? kMostBlocks : 1; }

struct Tile {
  float* y;
  const float* x;  // first tap of the first pixel
  const float* w;
  const float* bias;
  const float* addend;
  int64_t yBlock;
};

template <int KB, int PX>
void tile(const Tile& t, const Band& band, const ChannelConvolution& c, bool relu) {
  constexpr int V = KB * kVecs;
  Vec acc[V][PX];
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const Vec start = t.bias ? load(t.bias + v * kWidth) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[v][p] = start;
  }
  const float* w = t.w;
  for (int64_t r = 0; r < c.row.taps; r++) {
    for (int64_t s = 0; s < c.column.taps; s++) {
      const float* x = t.x + r * c.row.dilation * band.row + columnOf(band, c.column, s);
      for (int64_t left = c.inputs; left > 0; left -= kLanes, x += band.block) {
        const int64_t channels = left < kLanes ? left : kLanes;
        CNNATIVE_UNROLL_BY_4
        for (int64_t i = 0; i < channels; i++, w += KB * kLanes) {
          Vec weight[V];
          CNNATIVE_UNROLL
          for (int v = 0; v < V; v++) weight[v] = load(w + v * kWidth);
          CNNATIVE_UNROLL
          for (int p = 0; p < PX; p++) {
            const Vec in = splat(x[p * kLanes + i]);
            CNNATIVE_UNROLL
            for (int v = 0; v < V; v++) acc[v][p] = fma(weight[v], in, acc[v][p]);
          }
        }
      }
    }
  }
  CNNATIVE_UNROLL
  for (int v = 0; v < V; v++) {
    const int64_t at = v / kVecs * t.yBlock + v % kVecs * kWidth;
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      Vec sum = acc[v][p];
      if (t.addend) sum = sum + load(t.addend + at + p * kLanes);
      store(t.y + at + p * kLanes, relu ? max(zero(), sum) : sum);
    }
  }
}

using TileFunction = void (*)(const Tile&, const Band&, const ChannelConvolution&, bool);

template <int KB, int PX>
constexpr TileFunction tileFor() {
  if constexpr (PX <= kMostPixels[KB]) {
    return tile<KB, PX>;
  } else {
    return nullptr;
  }
}

// By the number of pixels.
template <int KB>
constexpr TileFunction kTiles[] = {
    nullptr,           tileFor<KB, 1>(),  tileFor<KB, 2>(),  tileFor<KB, 3>(),  tileFor<KB, 4>(),  tileFor<KB, 5>(),
    tileFor<KB, 6>(),  tileFor<KB, 7>(),  tileFor<KB, 8>(),  tileFor<KB, 9>(),  tileFor<KB, 10>(), tileFor<KB, 11>(),
    tileFor<KB, 12>(), tileFor<KB, 13>(), tileFor<KB, 14>(), tileFor<KB, 15>(), tileFor<KB, 16>()};

// The rows and blocks of output channels of a part.
struct Part {
  int64_t top, bottom, first, last;
};

Part partOf(const ChannelConvolution& c, int64_t part) {
  const int64_t runs = c.parts / c.bands, top = part / runs * c.bandRows, first = part % runs * c.partBlocks;
  const int64_t bottom = top + c.bandRows, last = first + c.partBlocks, blocks = channelBlocks(c.outputs);
  return {top, bottom < c.row.out ? bottom : c.row.out, first, last < blocks ? last : blocks};
}

void correlate(float* y, const float* x, const float* w, const ChannelEpilogue<float>& e, const ChannelConvolution& c,
               int64_t part, float* scratch) {
  const auto [top, bottom, first, last] = partOf(c, part);
  const Band band = bandOf(x, c, top, bottom, 0, channelBlocks(c.inputs), scratch);
  const int64_t weights = c.inputs * c.row.taps * c.column.taps * kLanes, plane = c.row.out * c.column.out * kLanes;
  for (int64_t k = first; k < last;) {
    const int64_t count = tileBlocks(channelBlocks(c.outputs) - k), most = kMostPixels[count];
    const int64_t tiles = (c.column.out + most - 1) / most;
    for (int64_t oy = top; oy < bottom; oy++) {
      const float* row = band.data + (oy - top) * c.row.stride * band.row;
      // Equal tiles rather than a small one at the end.
      for (int64_t i = 0; i < tiles; i++) {
        const int64_t ox = i * c.column.out / tiles, pixels = (i + 1) * c.column.out / tiles - ox;
        const int64_t at = k * plane + (oy * c.column.out + ox) * kLanes;
        const Tile t = {y + at,
                        row + ox * kLanes,
                        w + k * weights,
                        e.bias ? e.bias + k * kLanes : nullptr,
                        e.addend ? e.addend + at : nullptr,
                        plane};
        (count == 1 ? kTiles<1> : kTiles<kMostBlocks>)[pixels](t, band, c, e.relu);
      }
    }
    k += count;
  }
}

// [K / (16 count)][R * S][C][16 count], the order in which `tile` reads; zeros for output channels that pad a block.
void pack(float* packed, const float* w, const ChannelConvolution& c, int64_t first, int64_t last) {
  const int64_t taps = c.row.taps * c.column.taps, blocks = channelBlocks(c.outputs);
  for (int64_t k = first; k < last;) {
    const int64_t count = tileBlocks(blocks - k), channels = count * kLanes;
    float* to = packed + k * kLanes * c.inputs * taps;
    for (int64_t t = 0; t < taps; t++) {
      const int64_t tap = c.flip ? taps - 1 - t : t;
      for (int64_t i = 0; i < c.inputs; i++, to += channels) {
        for (int64_t o = 0; o < channels; o++) {
          const int64_t output = k * kLanes + o;
          to[o] = output < c.outputs ? w[(output * c.inputs + i) * taps + tap] : 0.0f;
        }
      }
    }
    k += count;
  }
}

// ---- depthwise: no sums over channels, so weights are vectors too ----

template <int PX>
CNNATIVE_INLINE void depthwiseTile(const Tile& t, const Band& band, const ChannelConvolution& c, bool relu) {
  for (int v = 0; v < kLanes; v += kWidth) {
    Vec acc[PX];
    const Vec start = t.bias ? load(t.bias + v) : zero();
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) acc[p] = start;
    const float* w = t.w + v;
    for (int64_t r = 0; r < c.row.taps; r++) {
      for (int64_t s = 0; s < c.column.taps; s++, w += kLanes) {
        const float* x = t.x + r * c.row.dilation * band.row + columnOf(band, c.column, s) + v;
        const Vec weight = load(w);
        CNNATIVE_UNROLL
        for (int p = 0; p < PX; p++) acc[p] = fma(weight, load(x + p * kLanes), acc[p]);
      }
    }
    CNNATIVE_UNROLL
    for (int p = 0; p < PX; p++) {
      Vec sum = acc[p];
      if (t.addend) sum = sum + load(t.addend + p * kLanes + v);
      store(t.y + p * kLanes + v, relu ? max(zero(), sum) : sum);
    }
  }
}

void depthwise(float* y, const float* x, const float* w, const ChannelEpilogue<float>& e, const ChannelConvolution& c,
               int64_t part, float* scratch) {
  constexpr int kPixels = 8;
  const auto [top, bottom, first, last] = partOf(c, part);
  const int64_t plane = c.row.out * c.column.out * kLanes;
  for (int64_t b = first; b < last; b++) {
    const Band band = bandOf(x, c, top, bottom, b, b + 1, scratch);
    for (int64_t oy = top; oy < bottom; oy++) {
      const float* row = band.data + (oy - top) * c.row.stride * band.row;
      const auto pixels = [&](auto size, int64_t ox) {
        const int64_t at = b * plane + (oy * c.column.out + ox) * kLanes;
        const Tile t = {y + at,
                        row + ox * kLanes,
                        w + b * c.row.taps * c.column.taps * kLanes,
                        e.bias ? e.bias + b * kLanes : nullptr,
                        e.addend ? e.addend + at : nullptr,
                        plane};
        depthwiseTile<size()>(t, band, c, e.relu);
      };
      int64_t ox = 0;
      for (; ox + kPixels <= c.column.out; ox += kPixels) pixels(Size<kPixels>{}, ox);
      for (; ox < c.column.out; ox++) pixels(Size<1>{}, ox);
    }
  }
}

void scaleShift(float* y, const float* x, const float* addend, const float* scale, const float* shift, bool relu,
                int64_t pixels, int64_t first, int64_t last) {
  for (int64_t b = first; b < last; b++) {
    for (int v = 0; v < kLanes; v += kWidth) {
      const Vec a = load(scale + b * kLanes + v), s = load(shift + b * kLanes + v);
      for (int64_t p = b * pixels; p < (b + 1) * pixels; p++) {
        const int64_t at = p * kLanes + v;
        Vec sum = fma(load(x + at), a, s);
        if (addend) sum = sum + load(addend + at);
        store(y + at, relu ? max(zero(), sum) : sum);
      }
    }
  }
}

}  // namespace

const ChannelKernels<float> channelKernels = {scratch, pack, correlate, depthwise, scaleShift};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
