// A call's description, read with checks. Whatever an operator takes from here is sound: operands exist, have the right
// element type and are large enough, and numbers are whole and in range. Errors are std::invalid_argument.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "program/description.h"
#include "program/step.h"

namespace cnnative {

class CallSpec {
 public:
  CallSpec(const ProgramDescription& program, const CallDescription& call, Isa isa)
      : program_(program), call_(call), isa_(isa) {
    // Those that the operator does not read too: the program compares the buffers of calls.
    for (const auto& operand : call.operands) buffer(operand.first.c_str());
  }

  template <class T>
  const Kernels<T>& kernels() const {
    return kernelsFor<T>(isa_);
  }
  const ProgramDescription& program() const { return program_; }
  /// Partial sums of a full batch.
  int64_t mostBlocks() const;

  bool has(const char* operand) const { return call_.operands.count(operand) > 0; }
  /// A buffer in the slices of lane groups.
  template <class T>
  Operand sample(const char* name, int64_t elements) const {
    return operand(name, elements, elementOf<T>(), false);
  }
  /// A shared buffer or a variable.
  template <class T>
  Operand shared(const char* name, int64_t elements) const {
    return operand(name, elements, elementOf<T>(), true);
  }

  /// Elements of a buffer.
  int64_t elements(const char* operand) const;
  int64_t integer(const char* name, int64_t least, int64_t most = kMost) const;
  double number(const char* name) const;
  const std::vector<double>& numbers(const char* name, int64_t count) const;
  const std::string& word(const char* name) const;

  /// The product of sizes; throws where it would pass any memory there is.
  int64_t product(std::initializer_list<int64_t> sizes) const;

  [[noreturn]] void fail(const std::string& message) const;

 private:
  static constexpr int64_t kMost = int64_t(1) << 31;
  Operand operand(const char* name, int64_t elements, Element element, bool shared) const;
  const BufferDescription& buffer(const char* name) const;

  const ProgramDescription& program_;
  const CallDescription& call_;
  Isa isa_;
};

}  // namespace cnnative
