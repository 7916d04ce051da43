// A block of memory aligned for the widest vectors, on large pages where the system has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cnnative {

class Memory {
 public:
  /// How long the block is needed: for a run, or as long as a model or a dataset.
  enum class Use { run, lasting };

  Memory() = default;
  /// Zeroed. Throws std::bad_alloc.
  explicit Memory(int64_t bytes, Use use = Use::run);
  ~Memory();
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// From now on blocks that are given back wait for the next that are as long, and are zeroed again.
  static void keepSpares();
  /// They return to the system, and so do those that are given back from now on.
  static void releaseSpares();

  std::byte* data() const { return data_; }
  int64_t bytes() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  int64_t bytes_ = 0;
  bool mapped_ = false;
};

/// Alignment of every buffer: a cache line, and a vector of the widest instruction set.
static constexpr int64_t kAlignment = 64;

/// Far beyond the memory of any machine, and far from overflow: what is larger is refused before it is multiplied.
static constexpr int64_t kMostBytes = int64_t(1) << 46;

constexpr int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace cnnative
