// Tensors put together, taken apart and turned. What moves is always a whole row of lanes, so these calls only copy and
// need no kernels.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// y[row][to + i] = x[row][from + i] for rows of yStride and xStride features, i below `features`.
template <class T>
class CopyRows : public PartedCall {
 public:
  explicit CopyRows(const CallSpec& s) {
    rows_ = s.integer("rows", 1), features_ = s.integer("features", 1);
    yStride_ = s.integer("yStride", features_), xStride_ = s.integer("xStride", features_);
    to_ = s.integer("to", 0, yStride_ - features_), from_ = s.integer("from", 0, xStride_ - features_);
    y_ = s.sample<T>("y", s.product({rows_, yStride_, kLanes}));
    x_ = s.sample<T>("x", s.product({rows_, xStride_, kLanes}));
  }

  int64_t parts() const noexcept override { return rows_ * features_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group) + to_ * kLanes;
    const T* x = x_.at<T>(step, group) + from_ * kLanes;
    for (int64_t i = first; i < last;) {
      const int64_t row = i / features_, at = i % features_, n = std::min(features_ - at, last - i);
      std::memcpy(y + (row * yStride_ + at) * kLanes, x + (row * xStride_ + at) * kLanes,
                  static_cast<size_t>(n * kLanes) * sizeof(T));
      i += n;
    }
  }

 private:
  int64_t rows_, features_, yStride_, xStride_, to_, from_;
  Operand y_, x_;
};

/// y[i][j][k][l] = x at i, j, k, l times `strides`: axes in another order. Fewer axes begin with some of length 1.
template <class T>
class Permute : public PartedCall {
 public:
  explicit Permute(const CallSpec& s) {
    const auto whole = [&](const char* name, double least) {
      constexpr double kMost = int64_t(1) << 31;
      std::array<int64_t, 4> result = {};
      const std::vector<double>& given = s.numbers(name, 4);
      for (size_t i = 0; i < 4; i++) {
        if (!(given[i] >= least && given[i] <= kMost) || given[i] != std::floor(given[i]))
          s.fail(std::string("expected whole numbers from ") + std::to_string(static_cast<int>(least)) +
                 " to 2^31 for " + name);
        result[i] = static_cast<int64_t>(given[i]);
      }
      return result;
    };
    shape_ = whole("shape", 1), strides_ = whole("strides", 0);
    y_ = s.sample<T>("y", s.product({shape_[0], shape_[1], shape_[2], shape_[3], kLanes}));
    int64_t last = 0;
    for (size_t i = 0; i < 4; i++) last += s.product({shape_[i] - 1, strides_[i]});
    x_ = s.sample<T>("x", s.product({last + 1, kLanes}));
  }

  int64_t parts() const noexcept override { return shape_[0] * shape_[1] * shape_[2]; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const T* x = x_.at<T>(step, group);
    const int64_t run = strides_[3] == 1 ? shape_[3] : 1;
    for (int64_t row = first; row < last; row++) {
      const int64_t k = row % shape_[2], j = row / shape_[2] % shape_[1], i = row / shape_[2] / shape_[1];
      const int64_t from = i * strides_[0] + j * strides_[1] + k * strides_[2];
      for (int64_t l = 0; l < shape_[3]; l += run) {
        std::memcpy(y + (row * shape_[3] + l) * kLanes, x + (from + l * strides_[3]) * kLanes,
                    static_cast<size_t>(run * kLanes) * sizeof(T));
      }
    }
  }

 private:
  std::array<int64_t, 4> shape_, strides_;
  Operand y_, x_;
};

}  // namespace

const OperatorFactories copyRows = CNNATIVE_FACTORIES(CopyRows);
const OperatorFactories permute = CNNATIVE_FACTORIES(Permute);

}  // namespace cnnative
