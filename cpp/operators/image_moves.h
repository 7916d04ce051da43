// Augmentations that only move pixels, on samples of any element type: rows are copied, so they cost next to nothing.
#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "kernels/augment/border.h"

namespace cnnative {

/// y = the image seen through a window that begins `down` rows and `right` columns from its corner.
template <class E>
void moveImage(E* y, const E* x, const ImageSize& size, int64_t down, int64_t right, Border border, const E* fill) {
  const int64_t H = size.height, W = size.width;
  // Columns before `from` and from `to` on lie beyond an edge, and so do rows before `top` and from `bottom` on.
  const int64_t from = std::clamp<int64_t>(-right, 0, W), to = std::clamp<int64_t>(W - right, from, W);
  const int64_t top = std::clamp<int64_t>(-down, 0, H), bottom = std::clamp<int64_t>(H - down, top, H);
  for (int64_t c = 0; c < size.channels; c++, x += H * W, y += H * W) {
    // All rows within the image at once, for a row alone is hardly worth the call; what runs over from row to row at
    // the edges is mended after.
    if (top < bottom && from < to) {
      const int64_t begin = top * W + from, end = (bottom - 1) * W + to;
      std::memcpy(y + begin, x + begin + down * W + right, static_cast<size_t>(end - begin) * sizeof(E));
    }
    // Column by column: each has one place it is read from.
    const auto mendColumns = [&](int64_t first, int64_t last) {
      for (int64_t s = first; s < last; s++) {
        const E* column = x + down * W + positionWithin(s + right, W, border);
        for (int64_t r = top; r < bottom; r++) y[r * W + s] = border == Border::fill ? fill[c] : column[r * W];
      }
    };
    mendColumns(0, from);
    mendColumns(to, W);
    const auto mendRows = [&](int64_t first, int64_t last) {
      for (int64_t r = first; r < last; r++) {
        if (border == Border::fill) {
          std::fill(y + r * W, y + (r + 1) * W, fill[c]);
          continue;
        }
        const int64_t source = positionWithin(r + down, H, border), same = source - down;
        if (same >= top && same < bottom) {
          std::memcpy(y + r * W, y + same * W, static_cast<size_t>(W) * sizeof(E));
        } else {
          for (int64_t s = 0; s < W; s++) y[r * W + s] = x[source * W + positionWithin(s + right, W, border)];
        }
      }
    };
    mendRows(0, top);
    mendRows(bottom, H);
  }
}

/// Eight bytes in reverse, whatever the CPU's order.
inline void reverseEight(uint8_t* y, const uint8_t* x) {
  uint64_t v;
  std::memcpy(&v, x, 8);
  v = (v >> 32) | (v << 32);
  v = ((v >> 16) & 0x0000ffff0000ffff) | ((v & 0x0000ffff0000ffff) << 16);
  v = ((v >> 8) & 0x00ff00ff00ff00ff) | ((v & 0x00ff00ff00ff00ff) << 8);
  std::memcpy(y, &v, 8);
}

template <class E>
void flipColumns(E* y, const E* x, const ImageSize& size) {
  const int64_t W = size.width;
  for (int64_t r = 0; r < size.channels * size.height; r++, x += W, y += W) {
    if constexpr (std::is_same_v<E, uint8_t>) {
      if (W >= 8) {
        for (int64_t s = 0; s + 8 <= W; s += 8) reverseEight(y + s, x + W - 8 - s);
        reverseEight(y + W - 8, x);
        continue;
      }
    }
    std::reverse_copy(x, x + W, y);
  }
}

template <class E>
void flipRows(E* y, const E* x, const ImageSize& size) {
  const int64_t H = size.height, W = size.width;
  for (int64_t c = 0; c < size.channels; c++, x += H * W) {
    for (int64_t r = H - 1; r >= 0; r--, y += W) std::memcpy(y, x + r * W, static_cast<size_t>(W) * sizeof(E));
  }
}

/// Rows top..bottom and columns left..right of an image.
struct Box {
  int64_t top = 0, bottom = 0, left = 0, right = 0;

  int64_t area() const { return (bottom - top) * (right - left); }
};

template <class E>
void eraseBox(E* y, const ImageSize& size, const Box& box, const E* fill) {
  for (int64_t c = 0; c < size.channels; c++, y += size.pixels()) {
    for (int64_t r = box.top; r < box.bottom; r++) {
      std::fill(y + r * size.width + box.left, y + r * size.width + box.right, fill[c]);
    }
  }
}

/// Copies the box from x to its place in y.
template <class E>
void pasteBox(E* y, const E* x, const ImageSize& size, const Box& box) {
  const int64_t columns = box.right - box.left;
  for (int64_t c = 0; c < size.channels; c++, x += size.pixels(), y += size.pixels()) {
    for (int64_t r = box.top; r < box.bottom; r++) {
      const int64_t at = r * size.width + box.left;
      std::memcpy(y + at, x + at, static_cast<size_t>(columns) * sizeof(E));
    }
  }
}

}  // namespace cnnative
