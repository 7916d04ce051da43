#include "program/row_reader.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <numeric>
#include <system_error>

#if defined(_WIN32)
#include <filesystem>
#include <fstream>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace cnnative {

namespace {

std::string reasonOf(int error) { return std::generic_category().message(error); }

#if defined(_WIN32)

class File {
 public:
  explicit File(const std::string& path) : stream_(std::filesystem::u8path(path), std::ios::binary) {
    if (!stream_) error_ = errno != 0 ? errno : ENOENT;
  }
  int error() const { return error_; }
  /// Bytes read, fewer than asked for at the end of the file; -1 after an error.
  int64_t read(std::byte* into, int64_t bytes, int64_t position) {
    stream_.clear();
    stream_.seekg(position);
    stream_.read(reinterpret_cast<char*>(into), bytes);
    if (!stream_.bad()) return stream_.gcount();
    error_ = EIO;
    return -1;
  }

 private:
  std::ifstream stream_;
  int error_ = 0;
};

#else

class File {
 public:
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) error_ = errno;
  }
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int error() const { return error_; }
  /// Bytes read, fewer than asked for at the end of the file; -1 after an error.
  int64_t read(std::byte* into, int64_t bytes, int64_t position) {
    int64_t done = 0;
    while (done < bytes) {
      const auto count = pread(descriptor_, into + done, static_cast<size_t>(bytes - done), position + done);
      if (count == 0) return done;
      if (count > 0) done += count;
      if (count < 0 && errno != EINTR) {
        error_ = errno;
        return -1;
      }
    }
    return done;
  }

 private:
  int descriptor_;
  int error_ = 0;
};

#endif

void swapBytes(std::byte* row, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += 4) {
    std::swap(row[i], row[i + 3]);
    std::swap(row[i + 1], row[i + 2]);
  }
}

/// Index of the first value that is not finite, or -1.
int64_t firstNotFinite(const std::byte* row, int64_t bytes) {
  for (int64_t i = 0; i < bytes / 4; i++) {
    float value;
    std::memcpy(&value, row + 4 * i, 4);
    if (!std::isfinite(value)) return i;
  }
  return -1;
}

}  // namespace

bool readRows(const RowSource& source, const std::vector<int64_t>& positions, std::byte* into, RowFault* fault) {
  File file(source.path);
  if (file.error() != 0) {
    *fault = {-1, reasonOf(file.error())};
    return false;
  }
  const int64_t bytes = source.rowBytes;
  const auto rows = static_cast<int64_t>(positions.size());
  // In the order of the file, which saves a disk its ways to and fro.
  std::vector<int64_t> order(positions.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&](int64_t i) { return positions[order[i]]; };
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return positions[a] != positions[b] ? positions[a] < positions[b] : a < b; });
  for (int64_t first = 0; first < rows;) {
    int64_t end = first + 1;
    while (end < rows && order[end] == order[end - 1] + 1 && at(end) == at(end - 1) + bytes) end++;
    const int64_t read = file.read(into + order[first] * bytes, (end - first) * bytes, at(first));
    if (read < 0) {
      *fault = {order[first], reasonOf(file.error())};
      return false;
    }
    if (read < (end - first) * bytes) {
      *fault = {order[first + read / bytes], "the end of the file at byte " + std::to_string(at(first) + read)};
      return false;
    }
    first = end;
  }
  if (!source.floats) return true;
  if (source.swapped) swapBytes(into, rows * bytes);
  const int64_t wrong = firstNotFinite(into, rows * bytes);
  if (wrong < 0) return true;
  const int64_t row = wrong * 4 / bytes;
  const int64_t position = positions[row] + (wrong * 4 - row * bytes);
  *fault = {row, "a number that is not finite at byte " + std::to_string(position)};
  return false;
}

}  // namespace cnnative
