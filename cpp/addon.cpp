// What JavaScript sees of the addon; lib/native/types.ts types and documents it.
#include <napi.h>

#include "binding/dataset.h"
#include "binding/machine.h"
#include "binding/program.h"
#include "binding/random_order.h"
#include "binding/rearrange.h"
#include "binding/rows.h"
#include "binding/run.h"
#include "binding/run_here.h"
#include "binding/stay_loaded.h"
#include "binding/variables.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  cnnative::stayLoaded();
  exports.Set("isas", Napi::Function::New(env, cnnative::listIsas, "isas"));
  exports.Set("measurePeak", Napi::Function::New(env, cnnative::measurePeak, "measurePeak"));
  exports.Set("measureStream", Napi::Function::New(env, cnnative::measureStream, "measureStream"));
  exports.Set("rearrange", Napi::Function::New(env, cnnative::rearrange, "rearrange"));
  exports.Set("shuffle", Napi::Function::New(env, cnnative::shuffle, "shuffle"));
  exports.Set("drawIntegers", Napi::Function::New(env, cnnative::drawIntegers, "drawIntegers"));
  exports.Set("readRows", Napi::Function::New(env, cnnative::readRows, "readRows"));
  exports.Set("toPlanes", Napi::Function::New(env, cnnative::toPlanes, "toPlanes"));
  exports.Set("runHere", Napi::Function::New(env, cnnative::runHere, "runHere"));
  exports.Set("Variables", cnnative::VariablesBinding::define(env));
  exports.Set("Dataset", cnnative::DatasetBinding::define(env));
  exports.Set("Program", cnnative::ProgramBinding::define(env));
  exports.Set("Run", cnnative::RunBinding::define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(cnnative, init)
