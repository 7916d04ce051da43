// Blocks of the system's memory that were given back, for the next ones that are as long. The pages of a new block are
// found and cleared one by one, which takes longer than a step of a small network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace cnnative {

class SpareBlocks {
 public:
  struct Block {
    std::byte* data;
    int64_t length;
  };

  /// A block of this length, as it was given back, or nullptr.
  std::byte* take(int64_t length) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = blocks_.size(); i-- > 0;) {
      if (blocks_[i].length != length) continue;
      std::byte* const data = blocks_[i].data;
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(i));
      bytes_ -= length;
      return data;
    }
    return nullptr;
  }

  /// Takes a block in. The result is what must go for it: the oldest ones, or, while nothing is kept, the block itself.
  std::vector<Block> keep(Block block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!isOpen_ || block.length > kMostBytes) return {block};
    size_t gone = 0;
    for (bytes_ += block.length; bytes_ > kMostBytes; gone++) bytes_ -= blocks_[gone].length;
    const auto end = blocks_.begin() + static_cast<std::ptrdiff_t>(gone);
    std::vector<Block> old(blocks_.begin(), end);
    blocks_.erase(blocks_.begin(), end);
    blocks_.push_back(block);
    return old;
  }

  /// From now on blocks are kept.
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    isOpen_ = true;
  }
  /// No longer. The result are those that were.
  std::vector<Block> close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    isOpen_ = false, bytes_ = 0;
    return std::exchange(blocks_, {});
  }

 private:
  /// Steps that need more take long beside it.
  static constexpr int64_t kMostBytes = int64_t(64) << 20;

  std::mutex mutex_;
  std::vector<Block> blocks_;  ///< the oldest first
  int64_t bytes_ = 0;
  bool isOpen_ = false;
};

}  // namespace cnnative
