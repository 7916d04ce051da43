// A block of memory aligned for the widest vectors, on large pages where the system has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cnnative {

class Memory {
 public:
  Memory() = default;
  /// Zeroed. Throws std::bad_alloc.
  explicit Memory(int64_t bytes);
  ~Memory();
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  std::byte* data() const { return data_; }
  int64_t bytes() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  int64_t bytes_ = 0;
};

/// Alignment of every buffer: a cache line, and a vector of the widest instruction set.
static constexpr int64_t kAlignment = 64;

}  // namespace cnnative
