// A native call of a program. Calls come in two kinds, and the executor splits both over its team:
//
// - a SampleCall works on one lane group at a time, or on a pair, and touches nothing of another group, so a stretch of
//   them runs group by group with its data in the cache, and needs one parallel region, not one a call;
// - a TeamCall works on the whole batch, or on parameters, in independent pieces, and touches nothing but its operands
//   and its metric: neighbours that have none in common share a region.
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

  /// Independent parts of a group's work: where there are fewer groups than threads, these share a group. Their number
  /// follows from shapes alone, and however they are cut, all together give the bits of `run`.
  virtual int64_t parts() const noexcept { return 1; }
  virtual void runParts(const Step& step, int64_t group, int64_t, int64_t, std::byte* scratch) const noexcept {
    run(step, group, scratch);
  }

  /// Whether it works faster on two groups at once than on one after the other. The bits are the same.
  virtual bool pairs() const noexcept { return false; }
  /// Groups `group` and `group + 1`, of calls that work on pairs.
  virtual void runPair(const Step& step, int64_t group, std::byte* scratch) const noexcept {
    run(step, group, scratch);
    run(step, group + 1, scratch);
  }
};

/// A sample call of several parts.
class PartedCall : public SampleCall {
 public:
  void run(const Step& step, int64_t group, std::byte* scratch) const noexcept final {
    runParts(step, group, 0, parts(), scratch);
  }
  int64_t parts() const noexcept override = 0;
  /// Parts first..last.
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override = 0;
};

class TeamCall : public Call {
 public:
  virtual int64_t pieces(const Step& step) const noexcept = 0;
  virtual void run(const Step& step, int64_t piece, std::byte* scratch) const noexcept = 0;

  /// The operand that `isFinite` looks at, of calls that can tell: whole, and as they have left it.
  virtual const char* result() const noexcept { return nullptr; }
  /// Whether what a piece has put there is finite. The thread that ran it asks, and has it in its caches still.
  virtual bool isFinite(const Step&, int64_t) const noexcept { return true; }
};

/// Elements a piece of an elementwise TeamCall covers.
static constexpr int64_t kPieceElements = 16384;

constexpr int64_t piecesOf(int64_t elements) { return (elements + kPieceElements - 1) / kPieceElements; }

}  // namespace cnnative
