// A store of variables: parameters, optimizer state or gradients, each a named slot elsewhere and an array here. It
// outlives the programs that read and write it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "program/element.h"
#include "program/memory.h"
#include "program/share.h"

namespace cnnative {

class Variables;

/// A run that sees variables as they were when it began.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Before the store changes for the first time: what the run still needs of it is to be copied.
  virtual void keep(const Variables& store) noexcept = 0;
};

class Variables {
 public:
  /// Zeroed slots of the given numbers of elements.
  Variables(Element element, const std::vector<int64_t>& slots) : element_(element) {
    int64_t bytes = 0;
    for (int64_t elements : slots) {
      slots_.push_back({bytes, elements});
      bytes += aligned(elements * elementSize(element));
      if (bytes > kMostBytes) throw std::bad_alloc();
    }
    memory_ = Memory(bytes, Memory::Use::lasting);
  }

  Element element() const { return element_; }
  int64_t slots() const { return static_cast<int64_t>(slots_.size()); }
  int64_t elements(int64_t slot) const { return slots_[static_cast<size_t>(slot)].elements; }
  std::byte* data(int64_t slot) const { return memory_.data() + slots_[static_cast<size_t>(slot)].offset; }
  int64_t bytes() const { return memory_.bytes(); }
  std::byte* all() const { return memory_.data(); }

  /// Changes with every change of a value, and is never that of another store.
  uint64_t version() const { return version_; }
  void changed() { version_ = nextVersion(); }

  /// Of all tasks that work on this store: a model has one share of the executor's time.
  const std::shared_ptr<Share> share = std::make_shared<Share>();

  // Runs under way. Only the task at work touches these.

  void beginReading(Reader& reader) {
    if (std::find(readers_.begin(), readers_.end(), &reader) == readers_.end()) readers_.push_back(&reader);
  }
  void endReading(Reader& reader) {
    readers_.erase(std::remove(readers_.begin(), readers_.end(), &reader), readers_.end());
  }
  /// To be called before values change: readers that have begun see them no longer.
  void beforeChange() {
    for (Reader* reader : readers_) reader->keep(*this);
    readers_.clear();
  }
  /// Runs that update this store, at every step.
  int writers = 0;

 private:
  struct Slot {
    int64_t offset, elements;
  };
  static uint64_t nextVersion() {
    static std::atomic<uint64_t> last{0};
    return ++last;
  }

  Element element_;
  uint64_t version_ = nextVersion();
  std::vector<Slot> slots_;
  std::vector<Reader*> readers_;
  Memory memory_;
};

}  // namespace cnnative
