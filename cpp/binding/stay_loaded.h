#pragma once

namespace cnnative {

/// Keeps the addon in memory to the end of the process. A Worker that ends would unload it, and with it the OpenMP
/// runtime whose pool threads still live. On Linux a flag of the linker says so (`-z nodelete`), and this does nothing.
void stayLoaded();

}  // namespace cnnative
