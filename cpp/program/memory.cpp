#include "program/memory.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#if defined(_WIN32)
#include <malloc.h>
#else
#include <sys/mman.h>

#include "program/spare_blocks.h"
#endif

namespace cnnative {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(_WIN32)

// Only malloc's blocks have the guards in which the sanitizer sees an overrun.
bool isMapped(int64_t, Memory::Use) { return false; }
std::byte* map(int64_t) { return nullptr; }
void unmap(std::byte*, int64_t) {}
void keepSpares() {}
void releaseSpares() {}

#else

constexpr int64_t kLargePage = int64_t(2) << 20;

int64_t roundUp(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

// Large blocks come from the system and return to it. malloc would keep them, and JavaScript's thread and the
// executor's have a heap each, with holes of their own: 200 trainings of LeNet-5 grew the process by 50 MB. Measured:
// mapping the small blocks of a run as well would cost the prediction of one sample another quarter of a millisecond.
bool isMapped(int64_t bytes, Memory::Use use) {
  return bytes >= (use == Memory::Use::run ? int64_t(512) << 10 : int64_t(64) << 10);
}

constexpr int64_t kPage = int64_t(4) << 10;

int64_t mappedLength(int64_t bytes) { return roundUp(bytes, bytes >= kLargePage ? kLargePage : kPage); }

// Never destroyed: at process exit threads may still be at work.
SpareBlocks& spares() {
  static SpareBlocks& blocks = *new SpareBlocks();
  return blocks;
}

void giveBack(const std::vector<SpareBlocks::Block>& blocks) {
  for (const SpareBlocks::Block& block : blocks) munmap(block.data, static_cast<size_t>(block.length));
}

void keepSpares() { spares().open(); }
void releaseSpares() { giveBack(spares().close()); }

// Zeroed by the system. From one large page on the block begins and ends at one.
std::byte* mapNew(int64_t bytes) {
  const int64_t length = mappedLength(bytes);
  const int64_t slack = bytes >= kLargePage ? kLargePage : 0;
  void* const found =
      mmap(nullptr, static_cast<size_t>(length + slack), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  auto* begin = static_cast<std::byte*>(found);
  if (slack == 0) return begin;
  const auto address = static_cast<int64_t>(reinterpret_cast<uintptr_t>(begin));
  const int64_t before = roundUp(address, kLargePage) - address;
  if (before > 0) munmap(begin, static_cast<size_t>(before));
  begin += before;
  if (before < slack) munmap(begin + length, static_cast<size_t>(slack - before));
#if defined(__linux__)
  // Measured: without large pages Winograd and 1x1 kernels lose up to a quarter (docs/performance.md).
  madvise(begin, static_cast<size_t>(length), MADV_HUGEPAGE);
#endif
  return begin;
}

std::byte* map(int64_t bytes) {
  std::byte* const spare = spares().take(mappedLength(bytes));
  if (!spare) return mapNew(bytes);
  std::memset(spare, 0, static_cast<size_t>(bytes));
  return spare;
}

void unmap(std::byte* data, int64_t bytes) { giveBack(spares().keep({data, mappedLength(bytes)})); }

#endif

std::byte* allocate(int64_t bytes) {
  const auto size = static_cast<size_t>(aligned(bytes));
#if defined(_WIN32)
  void* const data = _aligned_malloc(size, kAlignment);
#else
  void* const data = std::aligned_alloc(kAlignment, size);
#endif
  if (data) std::memset(data, 0, size);
  return static_cast<std::byte*>(data);
}

void release(std::byte* data) {
#if defined(_WIN32)
  _aligned_free(data);
#else
  std::free(data);
#endif
}

}  // namespace

void Memory::keepSpares() { cnnative::keepSpares(); }
void Memory::releaseSpares() { cnnative::releaseSpares(); }

Memory::Memory(int64_t bytes, Use use) : bytes_(bytes), mapped_(isMapped(bytes, use)) {
  if (bytes == 0) return;
  data_ = mapped_ ? map(bytes) : allocate(bytes);
  if (!data_) throw std::bad_alloc();
}

Memory::~Memory() {
  if (mapped_) {
    unmap(data_, bytes_);
  } else {
    release(data_);
  }
}

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      mapped_(std::exchange(other.mapped_, false)) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

}  // namespace cnnative
