// The windows of a pooling call, worked out once when a program is loaded.
#pragma once

#include <vector>

#include "kernels/pool/pool.h"
#include "program/call_spec.h"

namespace cnnative {

/// Attributes: channels, height, width, outputHeight, outputWidth, and `windows`:
///
/// - `sliding`: poolHeight, strideHeight, dilationHeight, padTop, padBottom and the same of columns; countPadding says
///   whether padded positions count in means;
/// - `adaptive`: output i takes the positions from floor(i * in / out) to ceil((i + 1) * in / out), as in PyTorch.
class PoolPlan {
 public:
  /// `input` and `output` name the operands that hold the images before and behind the pooling, or their gradients.
  PoolPlan(const CallSpec& s, const char* input, const char* output);
  PoolPlan(const PoolPlan&) = delete;  // pool() points into this object
  PoolPlan& operator=(const PoolPlan&) = delete;

  /// Valid as long as this plan.
  const Pool& pool() const { return pool_; }
  /// Elements of a lane group.
  int64_t inputs() const { return inputs_; }
  int64_t outputs() const { return outputs_; }

 private:
  std::vector<PoolSpan> rows_, columns_;
  Pool pool_ = {};
  int64_t inputs_, outputs_;
};

}  // namespace cnnative
