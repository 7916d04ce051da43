// What JavaScript sees of the addon: a list of exports, nothing else.
#include <napi.h>

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("version", Napi::String::New(env, CNNATIVE_VERSION));
  return exports;
}

NODE_API_MODULE(cnnative, Init)
