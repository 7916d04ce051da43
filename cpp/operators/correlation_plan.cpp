#include "operators/correlation_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cnnative {

namespace {

// The taps of one output position, found by trying all of them: this runs once a program, on small numbers.
TapRange tapsOf(const Axis& a, int64_t output) {
  TapRange range = {0, 0, 0};
  for (int64_t tap = 0; tap < a.taps; tap++) {
    const int64_t scaled = output * a.down + tap * a.step + a.offset;
    if (scaled < 0 || scaled % a.up != 0 || scaled / a.up >= a.in) continue;
    if (range.count++ == 0) range.tap = static_cast<int32_t>(tap), range.input = static_cast<int32_t>(scaled / a.up);
  }
  return range;
}

// A band of rows shall leave most of the second-level cache to the weights. At least four bands, for threads to share.
int64_t rowsOfBand(int64_t inputs, const Axis& row, const Axis& column) {
  constexpr int64_t kBandBytes = int64_t(256) << 10;
  const int64_t rowBytes = inputs * column.in * row.down * kLanes * 4 / row.up;
  const int64_t fitting = std::max<int64_t>(1, kBandBytes / std::max<int64_t>(rowBytes, 1));
  return std::min(fitting, (row.out + 3) / 4);
}

// Taps that meet whole input positions come every up / gcd(up, step).
int64_t tapStep(const Axis& a) { return a.up / std::gcd(a.up, a.step); }

}  // namespace

CorrelationPlan::CorrelationPlan(int64_t inputs, int64_t outputs, const Axis& row, const Axis& column)
    : correlation_{} {
  for (int64_t o = 0; o < row.out; o++) rows_.push_back(tapsOf(row, o));

  // Output columns that meet the same taps come every up / gcd(up, down); neighbours among them form a segment.
  const int64_t outputStep = column.up / std::gcd(column.up, column.down);
  for (int64_t start = 0; start < outputStep && start < column.out; start++) {
    for (int64_t o = start; o < column.out; o += outputStep) {
      const TapRange taps = tapsOf(column, o);
      Segment* last = o == start ? nullptr : &segments_.back();
      if (last && last->taps.tap == taps.tap && last->taps.count == taps.count) {
        last->pixels++;
      } else {
        segments_.push_back({static_cast<int32_t>(o), 1, taps});
      }
    }
  }

  Correlation& c = correlation_;
  c.inputs = inputs, c.outputs = outputs, c.row = row, c.column = column;
  c.rows = rows_.data();
  c.segments = segments_.data();
  c.segmentCount = static_cast<int64_t>(segments_.size());
  c.rowTapStep = tapStep(row);
  c.rowInputStep = c.rowTapStep * row.step / row.up;
  c.columnTapStep = tapStep(column);
  c.columnInputStep = c.columnTapStep * column.step / column.up;
  c.columnOutputStep = outputStep;
  c.pixelInputStep = outputStep * column.down / column.up;
  c.bandRows = rowsOfBand(inputs, row, column);
  c.bands = (row.out + c.bandRows - 1) / c.bandRows;
  c.blockOutputs = row.out * column.out == 1 ? kPackBlock : kOutputBlock;
  c.blocks = (outputs + c.blockOutputs - 1) / c.blockOutputs;
}

ConvolutionAxes::ConvolutionAxes(const CallSpec& s) {
  constexpr double kMost = 1 << 20;
  const auto pair = [&](const char* name, double least) {
    const std::vector<double>& v = s.numbers(name, 2);
    for (double n : v) {
      if (!(n >= least && n <= kMost) || n != std::floor(n))
        s.fail(std::string("expected whole numbers from ") + std::to_string(least) + " for " + name);
    }
    return std::vector<int64_t>{static_cast<int64_t>(v[0]), static_cast<int64_t>(v[1])};
  };
  const auto in = pair("inputShape", 1), out = pair("outputShape", 1), taps = pair("kernelSize", 1),
             strides = pair("strides", 1), dilation = pair("dilation", 1), padding = pair("padding", 0);
  const bool flip = s.integer("flip", 0, 1) == 1;
  // A plan tries every tap at every position, forward and backward: seconds at most, whatever is asked for.
  constexpr int64_t kMostTrials = int64_t(1) << 28;
  const auto axis = [&](size_t i) {
    if (std::max(in[i], out[i]) * taps[i] > kMostTrials)
      s.fail("expected at most 2^28 pairs of a position and a tap along an axis, received more");
    const Axis forward = {in[i], out[i], taps[i], strides[i], 1, dilation[i], -padding[i]};
    return flip ? flipped(forward) : forward;
  };
  row = axis(0);
  column = axis(1);
}

Axis flipped(const Axis& a) { return {a.in, a.out, a.taps, a.down, a.up, -a.step, a.offset + (a.taps - 1) * a.step}; }

Axis reversed(const Axis& f) { return {f.out, f.in, f.taps, 1, f.down, -f.step, -f.offset}; }

}  // namespace cnnative
