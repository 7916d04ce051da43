#include "program/run.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <stdexcept>

#include "kernels/lanes.h"
#include "program/finite.h"

namespace cnnative {

namespace {

// Progress reaches JavaScript at most this often: a callback for each of thousands of steps a second would cost the
// event loop more than it tells anybody.
constexpr double kNoticeSeconds = 0.05;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

[[noreturn]] void fail(const std::string& message) { throw std::invalid_argument("run: " + message); }

}  // namespace

Run::Run(RunInputs inputs) : inputs_(std::move(inputs)) {
  const ProgramDescription& d = inputs_.program->description();
  const Dataset& data = *inputs_.dataset;
  inputs_.program->checkStores(inputs_.stores);
  if (inputs_.batchSize < 1 || inputs_.batchSize > d.batchSize) {
    fail("expected a batchSize from 1 to " + std::to_string(d.batchSize) + ", received " +
         std::to_string(inputs_.batchSize));
  }
  if (inputs_.threads < 1 || inputs_.threads > 1024) {
    fail("expected 1 to 1024 threads, received " + std::to_string(inputs_.threads));
  }
  if (inputs_.firstStep < 0) {
    fail("expected a firstStep of at least 0, received " + std::to_string(inputs_.firstStep));
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
  if (d.classes > 0 && (data.labels.empty() || data.largestLabel >= d.classes)) {
    fail("expected labels below " + std::to_string(d.classes) + ", received " +
         (data.labels.empty() ? "none" : std::to_string(data.largestLabel)));
  }
  if (d.targetElements > 0 && data.targets.features != d.targetElements) {
    fail("expected targets of " + std::to_string(d.targetElements) + " elements a sample, received " +
         std::to_string(data.targets.features));
  }
  if (!inputs_.keys.empty() && inputs_.keys.size() != inputs_.order.size()) {
    fail("expected a key for each of " + std::to_string(inputs_.order.size()) + " samples, received " +
         std::to_string(inputs_.keys.size()));
  }
  for (int32_t key : inputs_.keys) {
    if (key < 0) fail("expected keys of at least 0, received " + std::to_string(key));
  }
  for (int32_t sample : inputs_.pool) {
    if (sample < 0 || sample >= data.size) {
      fail("expected indices below " + std::to_string(data.size) + " for the pool, received " + std::to_string(sample));
    }
  }
  if (inputs_.epoch < 0) fail("expected an epoch of at least 0, received " + std::to_string(inputs_.epoch));
  for (int32_t sample : inputs_.order) {
    if (sample < 0 || sample >= data.size) {
      fail("expected sample indices below " + std::to_string(data.size) + ", received " + std::to_string(sample));
    }
  }
  const int64_t samples = static_cast<int64_t>(inputs_.order.size());
  steps_ = (samples + inputs_.batchSize - 1) / inputs_.batchSize;
  if (static_cast<int64_t>(inputs_.scalars.size()) != steps_ * d.scalars) {
    fail("expected " + std::to_string(steps_ * d.scalars) + " scalars, received " +
         std::to_string(inputs_.scalars.size()));
  }
  metrics_.resize(static_cast<size_t>(steps_ * d.metrics));
  stepSeconds_.resize(static_cast<size_t>(steps_));
  if (inputs_.profile) {
    const size_t calls = d.calls.size();
    callSeconds_.assign(static_cast<size_t>(inputs_.threads), std::vector<double>(calls));
  }
  output_ = Memory(samples * d.outputElements * elementSize(d.element));
  if (!inputs_.stores.empty()) share = inputs_.stores.front()->share;
}

void Run::begin() {
  const Program& program = *inputs_.program;
  const ProgramDescription& d = program.description();
  // As many groups as the batches of this run fill, not as the program could take.
  const int64_t batch = std::min<int64_t>(inputs_.batchSize, static_cast<int64_t>(inputs_.order.size()));
  const int64_t samples = d.groupsOf(batch) * d.sampleBytes, scratch = inputs_.threads * program.scratchBytes();
  arena_ = program.take();
  if (arena_.samples.bytes() < samples) arena_.samples = Memory(samples);
  if (arena_.scratch.bytes() < scratch) arena_.scratch = Memory(scratch);
  if (arena_.shared.bytes() < d.sharedBytes) arena_.shared = Memory(d.sharedBytes);
  std::vector<uint64_t> versions;
  for (const auto& store : inputs_.stores) versions.push_back(store->version());
  // A profile shows what preparing takes.
  prepared_ = !program.updates() && !inputs_.profile && arena_.prepared == versions;
  // Set before the weights are prepared: an arena whose run fails in between is not kept.
  arena_.prepared = std::move(versions);
  for (const auto& store : inputs_.stores) {
    std::byte* base = store->all();
    // A run that only reads sees the variables as they are now, however long a training beside it goes on.
    if (!program.updates() && store->writers > 0) {
      snapshots_.emplace_back(store->bytes());
      std::memcpy(snapshots_.back().data(), base, static_cast<size_t>(store->bytes()));
      base = snapshots_.back().data();
    }
    slots_.emplace_back();
    for (int64_t slot = 0; slot < store->slots(); slot++) {
      slots_.back().push_back(base + (store->data(slot) - store->all()));
    }
  }
  for (const auto& slots : slots_) stores_.push_back(slots.data());
  if (program.updates()) {
    for (const auto& store : inputs_.stores) store->writers++;
  }
  begun_ = true;
}

void Run::end() noexcept {
  if (begun_ && inputs_.program->updates()) {
    for (const auto& store : inputs_.stores) store->writers--;
  }
  if (prepared_) inputs_.program->keep(std::move(arena_));
  arena_ = Arena();
  snapshots_.clear();
}

bool Run::advance(double seconds) noexcept {
  try {
    if (!begun_) begin();
    const double start = now();
    for (double time = start; time - start < seconds; time = now()) {
      const int64_t index = completed();
      if (index == steps_ || cancelled() || !step(index)) {
        end();
        return true;
      }
      const double finished = now();
      stepSeconds_[static_cast<size_t>(index)] = static_cast<float>(finished - time);
      completed_.store(index + 1, std::memory_order_release);
      if (finished - lastNotice_ >= kNoticeSeconds && notify) {
        lastNotice_ = finished;
        notify(Event::progress);
      }
    }
    return false;
  } catch (const std::bad_alloc&) {
    error_ = "run: expected " + std::to_string(arenaBytes()) + " bytes of memory, received none of the system";
  } catch (const std::exception& e) {
    error_ = e.what();
  }
  end();
  return true;
}

std::vector<double> Run::callSeconds() const {
  std::vector<double> total(callSeconds_.empty() ? 0 : callSeconds_[0].size());
  for (const auto& thread : callSeconds_) {
    for (size_t i = 0; i < total.size(); i++) total[i] += thread[i];
  }
  return total;
}

// Every thread takes whole blocks as long as there is one for each of them; those left over are shared, call by call.
template <class Perform>
void Run::runSamples(const Stretch& stretch, const Step& s, const Team& team, const Perform& perform) const {
  const int64_t whole = s.blocks - s.blocks % team.threads();
  const auto groupsOf = [&](int64_t block, const auto& work) {
    const int64_t end = std::min(s.groups, (block + 1) * s.groupsPerBlock);
    for (int64_t group = block * s.groupsPerBlock; group < end; group++) work(group);
  };
  team.each(whole, [&](int64_t block, int thread) {
    groupsOf(block, [&](int64_t group) {
      int64_t index = stretch.first;
      for (const SampleCall* call : stretch.samples) {
        perform(index++, thread, [&](std::byte* scratch) { call->run(s, group, scratch); });
      }
    });
  });
  const auto calls = static_cast<int64_t>(stretch.samples.size());
  const auto call = [&](int64_t i) { return stretch.samples[static_cast<size_t>(i)]; };
  for (int64_t block = whole; block < s.blocks; block++) {
    groupsOf(block, [&](int64_t group) {
      team.eachShared(
          calls, [&](int64_t i) { return call(i)->parts(); },
          [&](int64_t i, int64_t first, int64_t last, int thread) {
            perform(stretch.first + i, thread,
                    [&](std::byte* scratch) { call(i)->runParts(s, group, first, last, scratch); });
          });
    });
  }
}

template <class Perform>
void Run::runPieces(const Stretch& stretch, const Step& s, const Team& team, const Perform& perform) const {
  const auto call = [&](int64_t i) { return stretch.team[static_cast<size_t>(i)]; };
  team.eachOf(
      static_cast<int64_t>(stretch.team.size()), [&](int64_t i) { return call(i)->pieces(s); },
      [&](int64_t i, int64_t piece, int thread) {
        perform(stretch.first + i, thread, [&](std::byte* scratch) { call(i)->run(s, piece, scratch); });
      });
}

/// Whether the metrics of a step and the gradients it is about to update with are finite.
bool Run::isFinite(const Step& s, const Team& team) const {
  const ProgramDescription& d = inputs_.program->description();
  if (!allFinite(s.metrics, d.metrics)) return false;
  // All buffers in one region: most are too small for one of their own.
  const auto buffer = [&](int64_t i) -> const BufferDescription& {
    return d.buffers[static_cast<size_t>(d.finite[static_cast<size_t>(i)])];
  };
  std::atomic<bool> finite{true};
  team.eachOf(
      static_cast<int64_t>(d.finite.size()), [&](int64_t i) { return piecesOf(buffer(i).elements); },
      [&](int64_t i, int64_t piece, int) {
        const BufferDescription& b = buffer(i);
        const std::byte* data = b.space == Space::variable ? s.variables[b.store][b.slot] : s.shared + b.offset;
        const int64_t first = piece * kPieceElements, count = std::min(kPieceElements, b.elements - first);
        const bool good = b.element == Element::float64
                              ? allFinite(reinterpret_cast<const double*>(data) + first, count)
                              : allFinite(reinterpret_cast<const float*>(data) + first, count);
        if (!good) finite.store(false, std::memory_order_relaxed);
      });
  return finite.load(std::memory_order_relaxed);
}

bool Run::step(int64_t index) {
  const Program& program = *inputs_.program;
  const ProgramDescription& d = program.description();
  const int64_t first = index * inputs_.batchSize;
  Step s;
  s.samples = arena_.samples.data();
  s.shared = arena_.shared.data();
  s.sampleBytes = d.sampleBytes;
  s.variables = stores_.data();
  s.dataset = inputs_.dataset.get();
  s.indices = inputs_.order.data() + first;
  s.keys = inputs_.keys.empty() ? s.indices : inputs_.keys.data() + first;
  s.pool = inputs_.pool.empty() ? nullptr : inputs_.pool.data();
  s.poolSize = s.pool ? static_cast<int64_t>(inputs_.pool.size()) : s.dataset->size;
  s.epoch = inputs_.epoch;
  s.count = std::min<int64_t>(inputs_.batchSize, static_cast<int64_t>(inputs_.order.size()) - first);
  s.groups = d.groupsOf(s.count);
  s.groupsPerBlock = d.groupsPerBlock;
  s.blocks = (s.groups + d.groupsPerBlock - 1) / d.groupsPerBlock;
  s.index = inputs_.firstStep + index;
  s.scalars = inputs_.scalars.data() + index * d.scalars;
  s.metrics = metrics_.data() + index * d.metrics;
  s.output = output_.data() + first * d.outputElements * elementSize(d.element);

  const Team team(inputs_.threads);
  const auto perform = [&](int64_t call, int thread, const auto& work) {
    std::byte* const scratch = arena_.scratch.data() + thread * program.scratchBytes();
    if (callSeconds_.empty()) return work(scratch);
    const double start = now();
    work(scratch);
    callSeconds_[static_cast<size_t>(thread)][static_cast<size_t>(call)] += now() - start;
  };
  bool checked = !inputs_.stopsAtNonFinite;
  for (const Stretch& stretch : program.stretches()) {
    if (stretch.phase == Phase::prepare && prepared_) continue;
    if (stretch.phase == Phase::update && !checked) {
      checked = true;
      if (!isFinite(s, team)) {
        metNonFinite_.store(true, std::memory_order_release);
        return false;
      }
    }
    if (stretch.phase != Phase::update && cancelled()) return false;
    if (stretch.team.empty()) {
      runSamples(stretch, s, team, perform);
    } else {
      runPieces(stretch, s, team, perform);
    }
  }
  prepared_ = !program.updates();
  if (program.updates()) {
    for (const auto& store : inputs_.stores) store->changed();
  }
  return true;
}

}  // namespace cnnative
