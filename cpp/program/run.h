// One run of a program: many steps over a dataset, as a task of the executor.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "program/run_inputs.h"
#include "program/task.h"
#include "program/team.h"

namespace cnnative {

class Run : public Task, private Reader {
 public:
  /// Checks that everything fits together; throws std::invalid_argument.
  explicit Run(RunInputs inputs);

  bool advance(double seconds) noexcept override;

  /// Stops before the update of the step at work; variables keep the state of the last whole step.
  void cancel() noexcept override { cancelled_.store(true, std::memory_order_relaxed); }

  int64_t steps() const { return inputs_.steps(); }
  int64_t completed() const { return completed_.load(std::memory_order_acquire); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  /// Whether the step behind the last completed one gave numbers that are not finite, and so was not completed.
  bool metNonFinite() const { return metNonFinite_.load(std::memory_order_acquire); }
  int64_t arenaBytes() const { return inputs_.program->arenaBytes(inputs_.threads); }
  /// Metrics of the completed steps, step by step.
  const std::vector<double>& metrics() const { return metrics_; }
  /// Results of all samples, in the order of use; element type of the program.
  const Memory& output() const { return output_; }
  /// What each completed step took.
  const std::vector<float>& stepSeconds() const { return stepSeconds_; }
  /// With profile: seconds each call of the program took in each completed step, all threads together, step by step.
  const std::vector<float>& callSeconds() const { return callSeconds_; }
  /// Empty unless the run failed.
  const std::string& error() const { return error_; }

 private:
  void begin();
  void end() noexcept;
  void keep(const Variables& store) noexcept override;
  bool step(int64_t index);
  void keepCallSeconds(int64_t index);
  bool isFinite(const Step& s, const Team& team);
  template <class Perform>
  void runPieces(const Stretch& stretch, const Step& s, const Team& team, const Perform& perform);

  RunInputs inputs_;
  std::atomic<int64_t> completed_{0};
  std::atomic<bool> cancelled_{false}, metNonFinite_{false};
  std::vector<double> metrics_;
  std::vector<float> stepSeconds_;
  Memory output_;
  std::string error_;
  std::atomic<bool> finite_{true};  ///< while no call has told of a number that is not

  // Held from the first step to the last.
  bool begun_ = false, prepared_ = false;
  Arena arena_;
  std::vector<std::vector<std::byte*>> slots_;
  std::vector<std::byte* const*> stores_;
  std::vector<Memory> snapshots_;  ///< of stores that others change while this run reads them
  double lastNotice_ = 0;
  std::vector<float> callSeconds_;
  std::vector<std::vector<float>> threadSeconds_;  ///< each thread's in the step at work; empty unless profiling
};

}  // namespace cnnative
