// A store of variables: parameters, optimizer state or gradients, each a named slot elsewhere and an array here. It
// outlives the programs that read and write it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "program/element.h"
#include "program/memory.h"
#include "program/share.h"

namespace cnnative {

class Variables {
 public:
  /// Zeroed slots of the given numbers of elements.
  Variables(Element element, const std::vector<int64_t>& slots) : element_(element) {
    int64_t bytes = 0;
    for (int64_t elements : slots) {
      slots_.push_back({bytes, elements});
      bytes += aligned(elements * elementSize(element));
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

  /// Runs under way that update this store. Only the executor's thread touches it.
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
  Memory memory_;
};

}  // namespace cnnative
