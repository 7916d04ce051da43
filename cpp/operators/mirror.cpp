// Images seen in a mirror: the columns of every row in reverse.
#include <cstring>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// Attributes: rows (of all channels), columns. The lanes of a column stay together, whatever they hold.
template <class T>
class Mirror : public PartedCall {
 public:
  explicit Mirror(const CallSpec& s) {
    rows_ = s.integer("rows", 1), columns_ = s.integer("columns", 1);
    const int64_t elements = s.product({rows_, columns_, kLanes});
    x_ = s.sample<T>("x", elements), y_ = s.sample<T>("y", elements);
  }

  int64_t parts() const noexcept override { return rows_; }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    const int64_t row = columns_ * kLanes;
    const T* x = x_.at<T>(step, group) + first * row;
    T* y = y_.at<T>(step, group) + first * row;
    for (int64_t r = first; r < last; r++, x += row, y += row) {
      for (int64_t c = 0; c < columns_; c++) {
        std::memcpy(y + c * kLanes, x + (columns_ - 1 - c) * kLanes, sizeof(T) * kLanes);
      }
    }
  }

 private:
  int64_t rows_ = 0, columns_ = 0;
  Operand x_, y_;
};

}  // namespace

const OperatorFactories mirror = CNNATIVE_FACTORIES(Mirror);

}  // namespace cnnative
