// Convolution of a single sample with lanes over the channels, written once for every instruction set. See README.md in
// this folder.
#include "kernels/channels/channels.h"

#include "kernels/channels/band.h"
#include "kernels/channels/rows.h"
#include "kernels/channels/winograd.h"
#include "kernels/families.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// The rows and blocks of output channels of a part.
struct Part {
  int64_t top, bottom, first, last;
};

Part partOf(const ChannelConvolution& c, int64_t part) {
  const int64_t runs = c.parts / c.bands, top = part / runs * c.bandRows, first = part % runs * c.partBlocks;
  const int64_t bottom = top + c.bandRows, last = first + c.partBlocks, blocks = channelBlocks(c.outputs);
  return {top, bottom < c.row.out ? bottom : c.row.out, first, last < blocks ? last : blocks};
}

void correlate(float* y, const float* x, const float* w, const Epilogue<float>& e, const ChannelConvolution& c,
               int64_t part, float* scratch) {
  const auto [top, bottom, first, last] = partOf(c, part);
  const Band band = bandOf(x, c, top, bottom, 0, channelBlocks(c.inputs), scratch);
  const int64_t weights = c.inputs * c.row.taps * c.column.taps * kLanes, plane = c.row.out * c.column.out * kLanes;
  const int64_t outputs = smaller(c.outputs - first * kLanes, (last - first) * kLanes);
  convolveRows(y + first * plane, band, w + first * weights, e.at(first * kLanes, first * plane), c, outputs, top,
               bottom);
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

void depthwise(float* y, const float* x, const float* w, const Epilogue<float>& e, const ChannelConvolution& c,
               int64_t part, float* scratch) {
  constexpr int kPixels = 8;
  const auto [top, bottom, first, last] = partOf(c, part);
  const int64_t plane = c.row.out * c.column.out * kLanes;
  for (int64_t b = first; b < last; b++) {
    const Band band = bandOf(x, c, top, bottom, b, b + 1, scratch);
    const TapColumns columns(band, c.column);
    for (int64_t oy = top; oy < bottom; oy++) {
      const float* row = band.data + (oy - top) * c.row.stride * band.row;
      const auto pixels = [&](auto size, int64_t ox) {
        const int64_t at = b * plane + (oy * c.column.out + ox) * kLanes;
        const Tile t = {
            y + at, row + ox * kLanes, w + b * c.row.taps * c.column.taps * kLanes, e.at(b * kLanes, at), plane,
            columns};
        depthwiseTile<size()>(t, band, c);
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

const ChannelKernels<float> channelKernels = {scratch,         pack,     correlate, depthwise, winogradScratch,
                                              winogradWeights, winograd, scaleShift};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
