// A native call of a program. Calls come in two kinds, and the executor splits both over its team:
//
// - a SampleCall works on one lane group at a time and touches nothing of another group, so a stretch of them runs
// group
//   by group with its data in the cache, and needs one parallel region, not one a call;
// - a TeamCall works on the whole batch, or on parameters, in independent pieces.
#pragma once

#include <cstdint>

#include "program/step.h"

namespace cnnative {

class Call {
 public:
  virtual ~Call() = default;
  /// Bytes of memory of its own that a thread needs while it runs this call.
  virtual int64_t scratchBytes() const { return 0; }
};

class SampleCall : public Call {
 public:
  /// Groups of one block come in order, on one thread.
  virtual void run(const Step& step, int64_t group, std::byte* scratch) const noexcept = 0;
};

class TeamCall : public Call {
 public:
  virtual int64_t pieces(const Step& step) const noexcept = 0;
  virtual void run(const Step& step, int64_t piece, std::byte* scratch) const noexcept = 0;
};

/// Elements a piece of an elementwise TeamCall covers.
static constexpr int64_t kPieceElements = 16384;

constexpr int64_t piecesOf(int64_t elements) { return (elements + kPieceElements - 1) / kPieceElements; }

}  // namespace cnnative
