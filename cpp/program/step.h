// What a call sees of the step it belongs to.
#pragma once

#include <cstdint>

#include "program/dataset.h"
#include "program/description.h"

namespace cnnative {

struct Step {
  std::byte* samples = nullptr;  ///< group g's slice begins at samples + g * sampleBytes
  std::byte* shared = nullptr;
  int64_t sampleBytes = 0;
  std::byte* const* const* variables = nullptr;  ///< [store][slot]
  const Dataset* dataset = nullptr;
  const int32_t* indices = nullptr;  ///< of the samples of this batch within the dataset
  const int32_t* keys = nullptr;     ///< numbers of those samples in the whole set, of which `dataset` may be a part
  const int32_t* pool = nullptr;     ///< indices of the samples that others are mixed with, or none for all
  int64_t poolSize = 0;
  int64_t epoch = 0;   ///< what is drawn for a sample follows from its key and this
  int64_t count = 0;   ///< samples really in this batch
  int64_t groups = 0;  ///< lane groups they fill, the last one perhaps in part
  int64_t groupsPerBlock = 0;
  int64_t blocks = 0;  ///< partial sums those groups give
  int64_t index = 0;   ///< number of the step, counted on from run to run: what it draws at random follows from it
  const double* scalars = nullptr;
  double* metrics = nullptr;
  std::byte* output = nullptr;  ///< of the first sample of this batch

  /// Samples in a lane group.
  int64_t lanes(int64_t group) const;
};

/// A buffer, as resolved when the program was loaded.
struct Operand {
  Space space = Space::sample;
  int64_t offset = 0, store = 0, slot = 0;
  bool present = false;

  template <class T>
  T* at(const Step& s, int64_t group) const {
    return reinterpret_cast<T*>(s.samples + group * s.sampleBytes + offset);
  }
  template <class T>
  T* at(const Step& s) const {
    return reinterpret_cast<T*>(space == Space::variable ? s.variables[store][slot] : s.shared + offset);
  }
};

}  // namespace cnnative
