#include "program/run.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

#include "kernels/kernels.h"
#include "program/sample_stretch.h"

namespace cnnative {

namespace {

// Progress reaches JavaScript at most this often: a callback for each of thousands of steps a second would cost the
// event loop more than it tells anybody.
constexpr double kNoticeSeconds = 0.05;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Run::Run(RunInputs inputs) : inputs_(std::move(inputs)) {
  inputs_.check();
  const ProgramDescription& d = inputs_.program->description();
  metrics_.resize(static_cast<size_t>(steps() * d.metrics));
  stepSeconds_.resize(static_cast<size_t>(steps()));
  if (inputs_.profile) {
    const size_t calls = d.calls.size();
    threadSeconds_.assign(static_cast<size_t>(inputs_.threads), std::vector<float>(calls));
    callSeconds_.resize(static_cast<size_t>(steps()) * calls);
  }
  output_ = Memory(inputs_.samples() * d.outputElements * elementSize(d.element));
  if (!inputs_.stores.empty()) share = inputs_.stores.front()->share;
}

void Run::begin() {
  const Program& program = *inputs_.program;
  const ProgramDescription& d = program.description();
  // As many groups as the batches of this run fill, not as the program could take.
  const int64_t batch = std::min<int64_t>(inputs_.batchSize, inputs_.samples());
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
    slots_.emplace_back();
    for (int64_t slot = 0; slot < store->slots(); slot++) slots_.back().push_back(store->data(slot));
  }
  for (const auto& slots : slots_) stores_.push_back(slots.data());
  begun_ = true;
  for (const auto& store : inputs_.stores) {
    if (program.updates()) {
      store->beforeChange();
      store->writers++;
    } else if (store->writers > 0) {
      keep(*store);
    } else {
      store->beginReading(*this);
    }
  }
}

/// A run that only reads sees the variables as they were when it began, however long a training beside it goes on.
void Run::keep(const Variables& store) noexcept {
  try {
    Memory& snapshot = snapshots_.emplace_back(store.bytes());
    std::memcpy(snapshot.data(), store.all(), static_cast<size_t>(store.bytes()));
    for (size_t i = 0; i < slots_.size(); i++) {
      if (inputs_.stores[i].get() != &store) continue;
      for (int64_t slot = 0; slot < store.slots(); slot++) {
        slots_[i][static_cast<size_t>(slot)] = snapshot.data() + (store.data(slot) - store.all());
      }
    }
  } catch (const std::bad_alloc&) {
    error_ = "run: expected " + std::to_string(store.bytes()) +
             " bytes of memory for the weights as they were, received none of the system";
  }
}

void Run::end() noexcept {
  if (begun_) {
    for (const auto& store : inputs_.stores) {
      if (inputs_.program->updates())
        store->writers--;
      else
        store->endReading(*this);
    }
  }
  if (inputs_.keepsMemory || (prepared_ && inputs_.program->keepsPrepared())) inputs_.program->keep(std::move(arena_));
  arena_ = Arena();
  snapshots_.clear();
}

bool Run::advance(double seconds) noexcept {
  try {
    if (!begun_) begin();
    const double start = now();
    for (double time = start; time - start < seconds; time = now()) {
      const int64_t index = completed();
      if (index == steps() || cancelled() || !error_.empty() || !step(index)) {
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

void Run::keepCallSeconds(int64_t index) {
  for (auto& thread : threadSeconds_) {
    float* const total = callSeconds_.data() + static_cast<size_t>(index) * thread.size();
    for (size_t call = 0; call < thread.size(); call++) total[call] += std::exchange(thread[call], 0);
  }
}

template <class Perform>
void Run::runPieces(const Stretch& stretch, const Step& s, const Team& team, const Perform& perform) {
  const auto call = [&](int64_t i) { return stretch.team[static_cast<size_t>(i)]; };
  team.eachOf(
      static_cast<int64_t>(stretch.team.size()), [&](int64_t i) { return call(i)->pieces(s); },
      [&](int64_t i, int64_t piece, int thread) {
        perform(stretch.first + i, thread, [&](std::byte* scratch) { call(i)->run(s, piece, scratch); });
        if (!inputs_.stopsAtNonFinite || !inputs_.program->tells(stretch.first + i)) return;
        if (!call(i)->isFinite(s, piece)) finite_.store(false, std::memory_order_relaxed);
      });
}

/// Whether the metrics of a step and the gradients it is about to update with are finite, as far as the calls that have
/// written them have not told.
bool Run::isFinite(const Step& s, const Team& team) {
  const Program& program = *inputs_.program;
  const ProgramDescription& d = program.description();
  const std::vector<int64_t>& untold = program.untold();
  if (!kernelsFor<double>(program.isa()).reduce.finite(s.metrics, d.metrics, 0, 1)) return false;
  // All buffers in one region: most are too small for one of their own.
  const auto buffer = [&](int64_t i) -> const BufferDescription& {
    return d.buffers[static_cast<size_t>(untold[static_cast<size_t>(i)])];
  };
  team.eachOf(
      static_cast<int64_t>(untold.size()), [&](int64_t i) { return piecesOf(buffer(i).elements); },
      [&](int64_t i, int64_t piece, int) {
        const BufferDescription& b = buffer(i);
        const std::byte* data = b.space == Space::variable ? s.variables[b.store][b.slot] : s.shared + b.offset;
        const int64_t first = piece * kPieceElements, count = std::min(kPieceElements, b.elements - first);
        const auto look = [&](const auto* x) {
          using T = std::decay_t<decltype(*x)>;
          return kernelsFor<T>(program.isa()).reduce.finite(x + first, count, 0, 1);
        };
        const bool good = b.element == Element::float64 ? look(reinterpret_cast<const double*>(data))
                                                        : look(reinterpret_cast<const float*>(data));
        if (!good) finite_.store(false, std::memory_order_relaxed);
      });
  return finite_.load(std::memory_order_relaxed);
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
  s.count = std::min<int64_t>(inputs_.batchSize, inputs_.samples() - first);
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
    if (threadSeconds_.empty()) return work(scratch);
    const double start = now();
    work(scratch);
    threadSeconds_[static_cast<size_t>(thread)][static_cast<size_t>(call)] += static_cast<float>(now() - start);
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
  keepCallSeconds(index);
  if (program.updates()) {
    for (const auto& store : inputs_.stores) store->changed();
  }
  return true;
}

}  // namespace cnnative
