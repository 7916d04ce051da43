#include "program/program.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "kernels/lanes.h"
#include "operators/registry.h"

namespace cnnative {

namespace {

[[noreturn]] void fail(const std::string& message) { throw std::invalid_argument("program: " + message); }

void expectRange(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return;
  fail(std::string("expected ") + name + " from " + std::to_string(least) + " to " + std::to_string(most) +
       ", received " + std::to_string(value));
}

}  // namespace

Program::Program(ProgramDescription description) : description_(std::move(description)) {
  const ProgramDescription& d = description_;
  expectRange("batchSize", d.batchSize, 1, int64_t(1) << 30);
  if (d.samplesPerGroup != kLanes && d.samplesPerGroup != 1) {
    fail("expected 1 or " + std::to_string(kLanes) + " for samplesPerGroup, received " +
         std::to_string(d.samplesPerGroup));
  }
  expectRange("groupsPerBlock", d.groupsPerBlock, 1, int64_t(1) << 30);
  expectRange("sampleBytes", d.sampleBytes, 0, kMostBytes);
  expectRange("sharedBytes", d.sharedBytes, 0, kMostBytes);
  for (int64_t elements : d.inputElements) expectRange("inputElements", elements, 1, int64_t(1) << 40);
  expectRange("targetElements", d.targetElements, 0, int64_t(1) << 40);
  expectRange("outputElements", d.outputElements, 0, int64_t(1) << 40);
  expectRange("metrics", d.metrics, 0, 1024);
  expectRange("scalars", d.scalars, 0, 1024);
  if (d.sampleBytes > 0 && d.groupsOf(d.batchSize) > kMostBytes / d.sampleBytes) {
    fail("expected slices that fit in memory, received " + std::to_string(d.groupsOf(d.batchSize)) + " of " +
         std::to_string(d.sampleBytes) + " bytes");
  }
  if (d.sampleBytes % kAlignment != 0) fail("expected sampleBytes in multiples of " + std::to_string(kAlignment));
  checkBuffers();
  bindCalls();
  findTelling();
}

void Program::checkBuffers() const {
  for (const BufferDescription& b : description_.buffers) {
    expectRange("a buffer's elements", b.elements, 0, int64_t(1) << 43);
    if (b.space == Space::variable) {
      expectRange("a buffer's store", b.store, 0, static_cast<int64_t>(description_.stores.size()) - 1);
      expectRange("a buffer's slot", b.slot, 0, description_.stores[static_cast<size_t>(b.store)] - 1);
      continue;
    }
    const int64_t room = b.space == Space::sample ? description_.sampleBytes : description_.sharedBytes;
    expectRange("a buffer's offset", b.offset, 0, room);
    expectRange("a buffer's end", b.offset + b.elements * elementSize(b.element), 0, room);
    if (b.offset % kAlignment != 0) fail("expected buffers at multiples of " + std::to_string(kAlignment) + " bytes");
  }
  for (int64_t index : description_.finite) {
    expectRange("a buffer in finite", index, 0, static_cast<int64_t>(description_.buffers.size()) - 1);
    const BufferDescription& b = description_.buffers[static_cast<size_t>(index)];
    if (b.space == Space::sample || b.element != description_.element) {
      fail("expected shared buffers or variables of the program's element in finite, received buffer " +
           std::to_string(index));
    }
  }
}

void Program::bindCalls() {
  const auto isa = findIsa(description_.isa);
  if (!isa) fail("expected an instruction set of this machine for isa, received " + description_.isa);
  if (description_.element != Element::float32 && description_.element != Element::float64) {
    fail(std::string("expected float32 or float64 for element, received ") + elementName(description_.element));
  }
  isa_ = *isa;
  Phase last = Phase::prepare;
  for (const CallDescription& c : description_.calls) {
    if (c.phase < last) fail("expected calls in the order prepare, compute, update; received " + c.op + " too late");
    last = c.phase;
    updates_ = updates_ || c.phase == Phase::update;
    calls_.push_back(makeCall(c.op, CallSpec(description_, c, isa_), description_.element));
    const Call* call = calls_.back().get();
    const int64_t index = static_cast<int64_t>(calls_.size()) - 1;
    // Each thread's piece is aligned as the first.
    scratchBytes_ = std::max(scratchBytes_, aligned(call->scratchBytes()));
    const auto* team = dynamic_cast<const TeamCall*>(call);
    if (!joins(index, team)) stretches_.push_back({c.phase, index, {}, false, {}});
    if (team) {
      stretches_.back().team.push_back(team);
    } else {
      const auto* sample = static_cast<const SampleCall*>(call);
      stretches_.back().samples.push_back(sample);
      stretches_.back().pairs = stretches_.back().pairs || sample->pairs();
    }
  }
}

/// Whether a call belongs to the last stretch.
bool Program::joins(int64_t call, bool team) const {
  if (stretches_.empty() || stretches_.back().team.empty() == team) return false;
  if (stretches_.back().phase != description_.calls[static_cast<size_t>(call)].phase) return false;
  if (!team) return true;
  for (int64_t other = stretches_.back().first; other < call; other++) {
    if (!areApart(other, call)) return false;
  }
  return true;
}

/// Whether two calls meet nowhere, in memory or in a metric. Nothing tells what a call only reads.
bool Program::areApart(int64_t call, int64_t other) const {
  const CallDescription& a = description_.calls[static_cast<size_t>(call)];
  const CallDescription& b = description_.calls[static_cast<size_t>(other)];
  const auto bufferOf = [&](int64_t index) -> const BufferDescription& {
    return description_.buffers[static_cast<size_t>(index)];
  };
  const auto overlap = [&](const BufferDescription& x, const BufferDescription& y) {
    if (x.space != y.space) return false;
    if (x.space == Space::variable) return x.store == y.store && x.slot == y.slot;
    return x.offset < y.offset + y.elements * elementSize(y.element) &&
           y.offset < x.offset + x.elements * elementSize(x.element);
  };
  const auto metric = a.attributes.find("metric"), otherMetric = b.attributes.find("metric");
  if (metric != a.attributes.end() && otherMetric != b.attributes.end() && metric->second == otherMetric->second) {
    return false;
  }
  for (const auto& [name, index] : a.operands) {
    for (const auto& [otherName, otherIndex] : b.operands) {
      if (overlap(bufferOf(index), bufferOf(otherIndex))) return false;
    }
  }
  return true;
}

void Program::findTelling() {
  tells_.resize(calls_.size());
  for (int64_t buffer : description_.finite) {
    // The last call that could have written it before the update; past the end where there is none. No other buffer
    // shares memory with a gradient while that is in use.
    size_t last = calls_.size();
    for (size_t i = 0; i < calls_.size(); i++) {
      const CallDescription& call = description_.calls[i];
      const bool touches = std::any_of(call.operands.begin(), call.operands.end(),
                                       [&](const auto& operand) { return operand.second == buffer; });
      if (touches && call.phase != Phase::update) last = i;
    }
    const auto* call = last < calls_.size() ? dynamic_cast<const TeamCall*>(calls_[last].get()) : nullptr;
    if (call && call->result() && description_.calls[last].operands.at(call->result()) == buffer) {
      tells_[last] = 1;
    } else {
      untold_.push_back(buffer);
    }
  }
}

void Program::checkStores(const std::vector<std::shared_ptr<Variables>>& stores) const {
  if (stores.size() != description_.stores.size()) {
    fail("expected " + std::to_string(description_.stores.size()) + " stores, received " +
         std::to_string(stores.size()));
  }
  for (size_t i = 0; i < stores.size(); i++) {
    if (stores[i]->slots() != description_.stores[i]) {
      fail("expected " + std::to_string(description_.stores[i]) + " slots in store " + std::to_string(i) +
           ", received " + std::to_string(stores[i]->slots()));
    }
  }
  for (const BufferDescription& b : description_.buffers) {
    if (b.space != Space::variable) continue;
    const Variables& store = *stores[static_cast<size_t>(b.store)];
    if (store.element() != b.element || store.elements(b.slot) < b.elements) {
      fail("expected " + std::to_string(b.elements) + " " + elementName(b.element) + " in slot " +
           std::to_string(b.slot) + " of store " + std::to_string(b.store) + ", received " +
           std::to_string(store.elements(b.slot)) + " " + elementName(store.element()));
    }
  }
}

int64_t Program::arenaBytes(int threads) const {
  return description_.groupsOf(description_.batchSize) * description_.sampleBytes + description_.sharedBytes +
         threads * scratchBytes_;
}

Arena Program::take() const {
  const std::lock_guard<std::mutex> lock(keeping_);
  keptBytes_.store(0, std::memory_order_relaxed);
  return std::exchange(kept_, Arena());
}

void Program::keep(Arena arena) const {
  const std::lock_guard<std::mutex> lock(keeping_);
  keptBytes_.store(arena.bytes(), std::memory_order_relaxed);
  kept_ = std::move(arena);
}

int64_t Step::lanes(int64_t group) const { return std::min<int64_t>(kLanes, count - group * kLanes); }

}  // namespace cnnative
