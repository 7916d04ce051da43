// A loaded program: its description checked once, its calls bound to kernels and grouped for execution. Immutable, so
// several runs may share it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "cpu/isa.h"
#include "program/arena.h"
#include "program/call.h"
#include "program/description.h"
#include "program/variables.h"

namespace cnnative {

/// Neighbouring calls that run together: sample calls group by group or pair by pair, or team calls of which none reads
/// or writes what another does, in any order. A parallel region takes about a microsecond, and many of these calls no
/// longer.
struct Stretch {
  Phase phase;
  int64_t first;  ///< index of the first call in the description
  std::vector<const SampleCall*> samples;
  bool pairs;  ///< whether a sample call works on pairs of groups
  std::vector<const TeamCall*> team;
};

class Program {
 public:
  /// Throws std::invalid_argument where anything in the description could corrupt memory.
  explicit Program(ProgramDescription description);

  const ProgramDescription& description() const { return description_; }
  Isa isa() const { return isa_; }
  const std::vector<Stretch>& stretches() const { return stretches_; }
  int64_t scratchBytes() const { return scratchBytes_; }
  /// Whether running it changes variables, and so must repeat its prepare phase every step.
  bool updates() const { return updates_; }
  /// Whether a call is the last to write a buffer of `finite` and tells itself whether it left finite numbers there.
  bool tells(int64_t call) const { return tells_[static_cast<size_t>(call)] != 0; }
  /// The buffers of `finite` of which no call tells.
  const std::vector<int64_t>& untold() const { return untold_; }
  /// Throws std::invalid_argument unless these stores have what the calls read and write.
  void checkStores(const std::vector<std::shared_ptr<Variables>>& stores) const;
  /// Memory a run needs for one full batch, on so many threads.
  int64_t arenaBytes(int threads) const;

  /// Whether runs leave their arenas even when nobody asks them to: where lanes are channels, and few samples are
  /// predicted, preparing the weights would take most of the time, and what is kept is little more than these.
  bool keepsPrepared() const { return !updates_ && description_.samplesPerGroup == 1; }
  /// The arena an earlier run left, or an empty one.
  Arena take() const;
  /// Leaves an arena for the next run.
  void keep(Arena arena) const;
  /// Bytes of what is kept.
  int64_t keptBytes() const { return keptBytes_.load(std::memory_order_relaxed); }

 private:
  void checkBuffers() const;
  void bindCalls();
  bool joins(int64_t call, bool team) const;
  bool areApart(int64_t call, int64_t other) const;
  void findTelling();

  ProgramDescription description_;
  Isa isa_ = Isa::scalar;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Stretch> stretches_;
  std::vector<char> tells_;
  std::vector<int64_t> untold_;
  int64_t scratchBytes_ = 0;
  bool updates_ = false;
  mutable std::mutex keeping_;
  mutable Arena kept_;
  mutable std::atomic<int64_t> keptBytes_{0};
};

}  // namespace cnnative
