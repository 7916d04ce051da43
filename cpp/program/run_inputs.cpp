#include "program/run_inputs.h"

#include <stdexcept>
#include <string>

namespace cnnative {

namespace {

[[noreturn]] void fail(const std::string& message) { throw std::invalid_argument("run: " + message); }

}  // namespace

void RunInputs::check() const {
  const ProgramDescription& d = program->description();
  const Dataset& data = *dataset;
  program->checkStores(stores);
  if (batchSize < 1 || batchSize > d.batchSize) {
    fail("expected a batchSize from 1 to " + std::to_string(d.batchSize) + ", received " + std::to_string(batchSize));
  }
  if (threads < 1 || threads > 1024) {
    fail("expected 1 to 1024 threads, received " + std::to_string(threads));
  }
  if (firstStep < 0) {
    fail("expected a firstStep of at least 0, received " + std::to_string(firstStep));
  }
  if (data.parts.size() != d.inputElements.size()) {
    fail("expected a dataset of " + std::to_string(d.inputElements.size()) + " parts, received " +
         std::to_string(data.parts.size()));
  }
  for (size_t i = 0; i < data.parts.size(); i++) {
    if (data.parts[i].features == d.inputElements[i]) continue;
    fail("expected samples of " + std::to_string(d.inputElements[i]) + " elements in part " + std::to_string(i) +
         ", received " + std::to_string(data.parts[i].features));
  }
  if (d.targetElements > 0 && data.targets.features != d.targetElements) {
    fail("expected targets of " + std::to_string(d.targetElements) + " elements a sample, received " +
         std::to_string(data.targets.features));
  }
  if (!keys.empty() && keys.size() != order.size()) {
    fail("expected a key for each of " + std::to_string(order.size()) + " samples, received " +
         std::to_string(keys.size()));
  }
  for (int32_t key : keys) {
    if (key < 0) fail("expected keys of at least 0, received " + std::to_string(key));
  }
  for (int32_t sample : pool) {
    if (sample < 0 || sample >= data.size) {
      fail("expected indices below " + std::to_string(data.size) + " for the pool, received " + std::to_string(sample));
    }
  }
  if (epoch < 0) fail("expected an epoch of at least 0, received " + std::to_string(epoch));
  for (int32_t sample : order) {
    if (sample < 0 || sample >= data.size) {
      fail("expected sample indices below " + std::to_string(data.size) + ", received " + std::to_string(sample));
    }
  }
  if (d.outputElements > 0 && samples() > kMostBytes / elementSize(d.element) / d.outputElements) {
    fail("expected outputs that fit in memory, received " + std::to_string(samples()) + " samples of " +
         std::to_string(d.outputElements) + " elements");
  }
  if (d.classes > 0) checkLabels();
  if (static_cast<int64_t>(scalars.size()) != steps() * d.scalars) {
    fail("expected " + std::to_string(steps() * d.scalars) + " scalars, received " + std::to_string(scalars.size()));
  }
}

void RunInputs::checkLabels() const {
  const Dataset& data = *dataset;
  const auto require = [&](bool isRight, const std::string& received) {
    if (!isRight)
      fail("expected labels below " + std::to_string(program->description().classes) + ", received " + received);
  };
  require(!data.labels.empty(), "none");
  if (data.largestLabel < program->description().classes) return;
  // The classes beyond may be those of samples that this run, on a part of the set, does not meet.
  require(!pool.empty(), std::to_string(data.largestLabel));
  for (const std::vector<int32_t>* samples : {&order, &pool}) {
    for (int32_t sample : *samples) {
      const int32_t label = data.labels[static_cast<size_t>(sample)];
      require(label < program->description().classes, std::to_string(label));
    }
  }
}

}  // namespace cnnative
