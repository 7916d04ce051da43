// Augmentations that only move pixels, on samples of any element type: rows are copied, so they cost next to nothing.
#pragma once

#include <algorithm>
#include <cstring>

#include "kernels/augment/augment.h"

namespace cnnative {

/// The position within 0..n that stands for i, at most n - 1 beyond the edges where the border reflects.
inline int64_t mirrored(int64_t i, int64_t n) { return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i; }

/// y = the image seen through a window that begins `down` rows and `right` columns from its corner.
template <class E>
void moveImage(E* y, const E* x, const ImageSize& size, int64_t down, int64_t right, Border border, const E* fill) {
  const int64_t H = size.height, W = size.width;
  // Columns before `from` and from `to` on lie beyond an edge.
  const int64_t from = std::clamp<int64_t>(-right, 0, W), to = std::clamp<int64_t>(W - right, from, W);
  for (int64_t c = 0; c < size.channels; c++, x += H * W) {
    for (int64_t r = 0; r < H; r++, y += W) {
      int64_t at = r + down;
      if (at < 0 || at >= H) {
        if (border == Border::fill) {
          std::fill(y, y + W, fill[c]);
          continue;
        }
        at = border == Border::edge ? std::clamp<int64_t>(at, 0, H - 1) : mirrored(at, H);
      }
      const E* row = x + at * W;
      if (border == Border::reflect) {
        for (int64_t s = 0; s < from; s++) y[s] = row[mirrored(s + right, W)];
        for (int64_t s = to; s < W; s++) y[s] = row[mirrored(s + right, W)];
      } else {
        std::fill(y, y + from, border == Border::edge ? row[0] : fill[c]);
        std::fill(y + to, y + W, border == Border::edge ? row[W - 1] : fill[c]);
      }
      std::memcpy(y + from, row + from + right, static_cast<size_t>(to - from) * sizeof(E));
    }
  }
}

template <class E>
void flipColumns(E* y, const E* x, const ImageSize& size) {
  const int64_t W = size.width;
  for (int64_t r = 0; r < size.channels * size.height; r++, x += W, y += W) std::reverse_copy(x, x + W, y);
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
