#include "binding/stay_loaded.h"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#elif defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace cnnative {

void stayLoaded() {
#if defined(_WIN32)
  HMODULE addon;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&stayLoaded), &addon);
#elif defined(__APPLE__)
  Dl_info addon;
  if (dladdr(reinterpret_cast<void*>(&stayLoaded), &addon) != 0) {
    dlopen(addon.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  }
#endif
}

}  // namespace cnnative
