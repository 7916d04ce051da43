// A program as TypeScript describes it: plain data, nothing checked yet. lib/native.ts documents every field.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "program/element.h"

namespace cnnative {

/// Where a buffer lives.
enum class Space {
  sample,   ///< in the slice of a lane group: one copy for each group of the batch
  shared,   ///< once for the whole step
  variable  ///< in a store that outlives the program: parameters, optimizer state, gradients
};

struct BufferDescription {
  Space space = Space::sample;
  Element element = Element::float32;
  int64_t elements = 0;
  int64_t offset = 0;           ///< bytes; sample and shared
  int64_t store = 0, slot = 0;  ///< variable
};

enum class Phase {
  prepare,  ///< from parameters alone: every step while training, once a run otherwise
  compute,  ///< gather, forward, backward
  update    ///< the only phase that changes variables; once begun it is never cancelled
};

struct CallDescription {
  std::string op;
  Phase phase = Phase::compute;
  std::map<std::string, int64_t> operands;                ///< name to buffer index
  std::map<std::string, std::vector<double>> attributes;  ///< numbers
  std::map<std::string, std::string> words;               ///< names, such as that of an activation
};

struct ProgramDescription {
  std::string isa;
  Element element = Element::float32;
  int64_t batchSize = 0;        ///< largest
  int64_t samplesPerGroup = 0;  ///< kLanes where lanes are samples, 1 where they are channels
  int64_t groupsPerBlock = 0;   ///< lane groups that one partial sum covers
  int64_t sampleBytes = 0, sharedBytes = 0;
  std::vector<int64_t> inputElements;  ///< of one sample, for each part of the dataset
  int64_t classes = 0;                 ///< labels must be below; 0 where none are read
  int64_t targetElements = 0;          ///< of one sample; 0 where no targets are read
  int64_t outputElements = 0;          ///< of one sample; 0 where the program puts nothing out
  int64_t metrics = 0;                 ///< numbers each step records
  int64_t scalars = 0;                 ///< numbers each step is given, such as the learning rate
  std::vector<int64_t> stores;         ///< slots of each store
  std::vector<BufferDescription> buffers;
  std::vector<CallDescription> calls;
  std::vector<int64_t> finite;  ///< buffers in which updates need finite numbers: gradients

  /// Groups that so many samples fill.
  int64_t groupsOf(int64_t samples) const { return (samples + samplesPerGroup - 1) / samplesPerGroup; }
};

}  // namespace cnnative
