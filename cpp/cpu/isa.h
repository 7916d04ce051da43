// Which instruction sets this build has and this machine (CPU and operating system) can run.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cnnative {

enum class Isa { scalar, avx2, avx512, neon };

const char* isaName(Isa isa);

/// Best first; always ends with scalar.
const std::vector<Isa>& availableIsas();

/// The instruction set of that name, if it is available here.
std::optional<Isa> findIsa(const std::string& name);

}  // namespace cnnative
