// A short run from its arguments to its output in one call: objects that JavaScript holds, and a listener, would take
// longer than a small network.
#include "binding/run_here.h"

#include <memory>
#include <numeric>
#include <utility>

#include "binding/arguments.h"
#include "binding/dataset.h"
#include "binding/program.h"
#include "binding/run.h"
#include "binding/typed_array.h"
#include "program/executor.h"

namespace cnnative {

Napi::Value runHere(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto* const program = unwrapped<ProgramBinding>(info[0], "program", "Program");
  RunInputs in;
  in.program = program->program();
  in.stores = storesOf(info[1]);
  const auto dataset = std::make_shared<Dataset>();
  addParts(*dataset, info[2], Memory::Use::run);
  in.dataset = dataset;
  guarded(env, [&] { in.order.resize(static_cast<size_t>(dataset->size)); });
  std::iota(in.order.begin(), in.order.end(), 0);
  in.batchSize = integerOf(info[3], "batchSize");
  in.threads = threadsOf(info[4]);
  const auto run = guarded(env, [&] { return std::make_unique<Run>(std::move(in)); });
  if (!Executor::instance().runHere(*run)) return env.Null();
  program->accountKept(env);
  if (!run->error().empty()) return Napi::String::New(env, run->error());
  const Memory& output = run->output();
  return typedArray(env, program->program()->description().element, output.data(), static_cast<size_t>(output.bytes()));
}

}  // namespace cnnative
