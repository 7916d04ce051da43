// Few samples leave most lanes of a group empty. These calls fill them with bands of rows of the same images, for a
// convolution to work on all bands at once, and take its results apart again (lib/program/operations/row-bands.ts).
#include <algorithm>
#include <cstring>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// An image [C, height, W] of the first kLanes / bands lanes, and its bands [C, rows, W], each in as many lanes: row r
/// of band b is row b * distance + first + r of the image, or zero beyond it.
struct RowBands {
  explicit RowBands(const CallSpec& s) {
    constexpr int64_t kFar = int64_t(1) << 31;
    channels = s.integer("channels", 1), height = s.integer("height", 1), width = s.integer("width", 1);
    bands = s.integer("bands", 2, kLanes), rows = s.integer("rows", 1);
    distance = s.integer("distance", 1), first = s.integer("first", -kFar);
    if (kLanes % bands != 0) s.fail("expected bands that lanes can be shared among, 2, 4, 8 or 16");
    image = s.product({channels, height, width, kLanes});
    banded = s.product({channels, rows, width, kLanes});
  }

  int64_t rowElements() const { return width * kLanes; }

  int64_t channels, height, width, bands, rows, distance, first;
  int64_t image, banded;  ///< elements
};

/// y = x for a row, `kCount` lanes of each pixel.
template <int64_t kCount, class T>
void copyLanes(T* y, const T* x, int64_t width) {
  for (int64_t i = 0; i < width * kLanes; i += kLanes) std::memcpy(y + i, x + i, kCount * sizeof(T));
}

template <class T>
using CopyLanes = void (*)(T*, const T*, int64_t);

template <class T>
CopyLanes<T> copierOf(int64_t bands) {
  switch (kLanes / bands) {
    case 8:
      return copyLanes<8, T>;
    case 4:
      return copyLanes<4, T>;
    case 2:
      return copyLanes<2, T>;
    default:
      return copyLanes<1, T>;
  }
}

/// y = the bands of the image x.
template <class T>
class SplitRows : public PartedCall {
 public:
  explicit SplitRows(const CallSpec& s) : b_(s), copy_(copierOf<T>(b_.bands)) {
    y_ = s.sample<T>("y", b_.banded), x_ = s.sample<T>("x", b_.image);
  }

  int64_t parts() const noexcept override { return b_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t row = b_.rowElements(), lanes = kLanes / b_.bands;
    const T* x = x_.at<T>(step, group) + first * b_.height * row;
    T* y = y_.at<T>(step, group) + first * b_.rows * row;
    for (int64_t c = first; c < last; c++, x += b_.height * row) {
      for (int64_t r = 0; r < b_.rows; r++, y += row) {
        for (int64_t band = 0; band < b_.bands; band++) {
          const int64_t from = band * b_.distance + b_.first + r;
          const bool inside = from >= 0 && from < b_.height;
          if (inside)
            copy_(y + band * lanes, x + from * row, b_.width);
          else
            clear(y + band * lanes, lanes);
        }
      }
    }
  }

 private:
  void clear(T* y, int64_t lanes) const {
    for (int64_t i = 0; i < b_.rowElements(); i += kLanes) std::fill_n(y + i, lanes, T(0));
  }

  RowBands b_;
  CopyLanes<T> copy_;
  Operand y_, x_;
};

/// y = the image that x has the bands of; lanes without a sample are zero.
template <class T>
class JoinRows : public PartedCall {
 public:
  explicit JoinRows(const CallSpec& s) : b_(s), copy_(copierOf<T>(b_.bands)) {
    if (b_.first != 0 || b_.distance != b_.rows || b_.bands * b_.rows < b_.height)
      s.fail("expected bands that follow one another and have all rows of the image");
    y_ = s.sample<T>("y", b_.image), x_ = s.sample<T>("x", b_.banded);
  }

  int64_t parts() const noexcept override { return b_.channels; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t row = b_.rowElements(), lanes = kLanes / b_.bands;
    const T* x = x_.at<T>(step, group) + first * b_.rows * row;
    T* y = y_.at<T>(step, group) + first * b_.height * row;
    for (int64_t c = first; c < last; c++, x += b_.rows * row) {
      for (int64_t r = 0; r < b_.height; r++, y += row) {
        std::fill_n(y, row, T(0));
        copy_(y, x + r % b_.rows * row + r / b_.rows * lanes, b_.width);
      }
    }
  }

 private:
  RowBands b_;
  CopyLanes<T> copy_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories splitRows = CNNATIVE_FACTORIES(SplitRows);
const OperatorFactories joinRows = CNNATIVE_FACTORIES(JoinRows);

}  // namespace cnnative
