// What `correlate` needs to know of a shape, worked out once when a program is loaded.
#pragma once

#include <vector>

#include "kernels/conv/conv.h"
#include "program/call_spec.h"

namespace cnnative {

class CorrelationPlan {
 public:
  CorrelationPlan(int64_t inputs, int64_t outputs, const Axis& row, const Axis& column);
  CorrelationPlan(const CorrelationPlan&) = delete;  // correlation() points into this object
  CorrelationPlan& operator=(const CorrelationPlan&) = delete;

  /// Valid as long as this plan.
  const Correlation& correlation() const { return correlation_; }
  int64_t parts() const { return correlation_.bands * correlation_.blocks; }

 private:
  std::vector<TapRange> rows_;
  std::vector<Segment> segments_;
  Correlation correlation_;
};

/// The axes of a convolution call: attributes inputShape, outputShape, kernelSize, strides, dilation, padding (top,
/// left), flip (1: the taps are walked backwards, a convolution as mathematics has it).
struct ConvolutionAxes {
  explicit ConvolutionAxes(const CallSpec& s);

  Axis row, column;  ///< forward
};

/// The same axis with its taps in reverse order.
Axis flipped(const Axis& axis);

/// The same axis, from the output's gradient back to the input's.
Axis reversed(const Axis& forward);

}  // namespace cnnative
