// Rows of a file, such as the samples of a set larger than memory, read by their positions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cnnative {

/// Where rows lie and what they hold.
struct RowSource {
  std::string path;  ///< UTF-8
  int64_t rowBytes = 0;
  bool floats = false;   ///< rows of float32, which must be finite
  bool swapped = false;  ///< floats in the other byte order
};

/// What is wrong with a file.
struct RowFault {
  int64_t row = -1;  ///< -1: the file as a whole
  std::string reason;
};

/// Reads the row at positions[i] into the i-th row of `into`. Rows that lie one after another in both are read at once.
/// Returns whether all is well.
bool readRows(const RowSource& source, const std::vector<int64_t>& positions, std::byte* into, RowFault* fault);

}  // namespace cnnative
