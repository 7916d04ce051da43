// Every operator a program may call, by name.
#pragma once

#include <memory>

#include "program/call.h"
#include "program/call_spec.h"

namespace cnnative {

/// Builds a call, or throws std::invalid_argument: unknown operator, operands or attributes that do not fit.
std::unique_ptr<Call> makeCall(const std::string& op, const CallSpec& spec, Element element);

}  // namespace cnnative
