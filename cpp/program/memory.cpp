#include "program/memory.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#if defined(_WIN32)
#include <malloc.h>
#elif defined(__linux__)
#include <sys/mman.h>
#endif

namespace cnnative {

namespace {

constexpr int64_t kLargePage = int64_t(2) << 20;

void* allocate(int64_t bytes) {
#if defined(_WIN32)
  return _aligned_malloc(static_cast<size_t>(bytes), kAlignment);
#else
  // Measured: without large pages Winograd and 1x1 kernels lose up to a quarter (docs/performance.md).
  const int64_t alignment = bytes >= kLargePage ? kLargePage : kAlignment;
  const int64_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* data = std::aligned_alloc(static_cast<size_t>(alignment), static_cast<size_t>(rounded));
#if defined(__linux__)
  if (data && alignment == kLargePage) madvise(data, static_cast<size_t>(rounded), MADV_HUGEPAGE);
#endif
  return data;
#endif
}

void release(void* data) {
#if defined(_WIN32)
  _aligned_free(data);
#else
  std::free(data);
#endif
}

}  // namespace

Memory::Memory(int64_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  data_ = static_cast<std::byte*>(allocate(bytes));
  if (!data_) throw std::bad_alloc();
  std::memset(data_, 0, static_cast<size_t>(bytes));
}

Memory::~Memory() { release(data_); }

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace cnnative
