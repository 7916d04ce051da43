// Rows of outputs in register tiles.
#pragma once

#include "kernels/channels/tile.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

// Rows top..bottom, of which the band has what they read, of so many output channels, from those on where y, w and the
// epilogue begin: a multiple of kChannelTileBlocks.
inline void convolveRows(float* y, const Band& band, const float* w, const Epilogue<float>& e,
                         const ChannelConvolution& c, int64_t outputs, int64_t top, int64_t bottom) {
  const TapColumns columns(band, c.column);
  const int64_t weights = c.inputs * c.row.taps * c.column.taps * kLanes, plane = c.row.out * c.column.out * kLanes;
  const int64_t blocks = channelBlocks(outputs);
  for (int64_t k = 0; k < blocks;) {
    const int64_t count = tileBlocks(blocks - k);
    // Of a last block that is not full, those vectors that hold channels.
    const int vectors = static_cast<int>(smaller(count * kVecs, (outputs - k * kLanes + kWidth - 1) / kWidth));
    for (int64_t oy = top; oy < bottom;) {
      const int rows = tileRows(bottom - oy, c.column.out, vectors);
      const int64_t tiles = tilesAcross(c.column.out, vectors, rows);
      const TileFunction* const tilesFor = tilesOf(vectors, rows);
      const float* row = band.data + (oy - top) * c.row.stride * band.row;
      // Equal tiles rather than a small one at the end.
      for (int64_t i = 0; i < tiles; i++) {
        const int64_t ox = i * c.column.out / tiles, width = (i + 1) * c.column.out / tiles - ox;
        const int64_t at = k * plane + (oy * c.column.out + ox) * kLanes;
        const Tile t = {y + at, row + ox * kLanes, w + k * weights, e.at(k * kLanes, at), plane, columns};
        tilesFor[width](t, band, c);
      }
      oy += rows;
    }
    k += count;
  }
}

}  // namespace

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
