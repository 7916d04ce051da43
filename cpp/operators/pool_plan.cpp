#include "operators/pool_plan.h"

#include <algorithm>
#include <string>

namespace cnnative {

namespace {

/// Bounds the memory of a plan.
constexpr int64_t kMostPositions = int64_t(1) << 24;

/// Windows that slide along an axis; where they reach over the padding behind it, they are clipped there.
struct Sliding {
  Sliding(const CallSpec& s, const std::string& axis, const char* before, const char* after)
      : size(s.integer(("pool" + axis).c_str(), 1)),
        stride(s.integer(("stride" + axis).c_str(), 1)),
        dilation(s.integer(("dilation" + axis).c_str(), 1)),
        before(s.integer(before, 0)),
        after(s.integer(after, 0)),
        countPadding(s.integer("countPadding", 0, 1) == 1) {}

  /// Taps at or behind `from`, itself a tap, and before `to`.
  int64_t taps(int64_t from, int64_t to) const { return (to - from + dilation - 1) / dilation; }

  PoolSpan span(int64_t o, int64_t length) const {
    const int64_t start = o * stride - before, end = start + (size - 1) * dilation + 1;
    const int64_t first = start < 0 ? start + taps(start, 0) * dilation : start, last = std::min(end, length);
    const int64_t counted = countPadding ? taps(start, std::min(end, length + after)) : taps(first, last);
    return {first, last, counted};
  }

  int64_t size, stride, dilation, before, after;
  bool countPadding;
};

PoolSpan adaptiveSpan(int64_t o, int64_t length, int64_t output) {
  const int64_t first = o * length / output, last = ((o + 1) * length + output - 1) / output;
  return {first, last, last - first};
}

template <class Span>
std::vector<PoolSpan> spansOf(const CallSpec& s, int64_t output, const Span& span) {
  std::vector<PoolSpan> spans(static_cast<size_t>(output));
  for (int64_t o = 0; o < output; o++) {
    const PoolSpan made = span(o);
    if (made.first >= made.last) s.fail("expected every window to hold a position of the image");
    spans[static_cast<size_t>(o)] = made;
  }
  return spans;
}

bool areDisjoint(const std::vector<PoolSpan>& spans) {
  const auto overlap = [](const PoolSpan& a, const PoolSpan& b) { return b.first < a.last; };
  return std::adjacent_find(spans.begin(), spans.end(), overlap) == spans.end();
}

bool areAdjacent(const std::vector<PoolSpan>& spans, int64_t length) {
  const auto apart = [](const PoolSpan& a, const PoolSpan& b) { return b.first != a.last; };
  return spans.front().first == 0 && spans.back().last == length &&
         std::adjacent_find(spans.begin(), spans.end(), apart) == spans.end();
}

/// Positions that every window takes, or 0 where they differ.
int64_t commonSize(const std::vector<PoolSpan>& spans) {
  const int64_t size = spans.front().last - spans.front().first;
  const auto same = [&](const PoolSpan& a) { return a.last - a.first == size; };
  return std::all_of(spans.begin(), spans.end(), same) ? size : 0;
}

}  // namespace

PoolPlan::PoolPlan(const CallSpec& s, const char* input, const char* output) {
  Pool& p = pool_;
  p.channels = s.integer("channels", 1);
  p.height = s.integer("height", 1), p.width = s.integer("width", 1);
  p.outputHeight = s.integer("outputHeight", 1, kMostPositions);
  p.outputWidth = s.integer("outputWidth", 1, kMostPositions);
  inputs_ = s.product({p.channels, p.height, p.width, kLanes});
  outputs_ = s.product({p.channels, p.outputHeight, p.outputWidth, kLanes});
  // Before any memory is taken for windows that no buffer has room for.
  if (s.elements(input) < inputs_ || s.elements(output) < outputs_) {
    s.fail("expected at least " + std::to_string(inputs_) + " elements for " + input + " and " +
           std::to_string(outputs_) + " for " + output);
  }
  p.stepHeight = p.stepWidth = 1;
  if (s.word("windows") == "adaptive") {
    rows_ = spansOf(s, p.outputHeight, [&](int64_t o) { return adaptiveSpan(o, p.height, p.outputHeight); });
    columns_ = spansOf(s, p.outputWidth, [&](int64_t o) { return adaptiveSpan(o, p.width, p.outputWidth); });
  } else if (s.word("windows") == "sliding") {
    const Sliding row(s, "Height", "padTop", "padBottom"), column(s, "Width", "padLeft", "padRight");
    rows_ = spansOf(s, p.outputHeight, [&](int64_t o) { return row.span(o, p.height); });
    columns_ = spansOf(s, p.outputWidth, [&](int64_t o) { return column.span(o, p.width); });
    p.stepHeight = row.dilation, p.stepWidth = column.dilation;
  } else {
    s.fail("expected sliding or adaptive for windows, received " + s.word("windows"));
  }
  p.rows = rows_.data(), p.columns = columns_.data();
  const bool dense = p.stepHeight == 1 && p.stepWidth == 1;
  p.wholeHeight = dense ? commonSize(rows_) : 0, p.wholeWidth = dense ? commonSize(columns_) : 0;
  p.disjoint = areDisjoint(rows_) && areDisjoint(columns_);
  p.covered = dense && areAdjacent(rows_, p.height) && areAdjacent(columns_, p.width);
}

}  // namespace cnnative
