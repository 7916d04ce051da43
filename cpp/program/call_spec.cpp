#include "program/call_spec.h"

#include <cmath>
#include <stdexcept>

#include "kernels/lanes.h"
#include "program/memory.h"

namespace cnnative {

void CallSpec::fail(const std::string& message) const { throw std::invalid_argument(call_.op + ": " + message); }

int64_t CallSpec::mostBlocks() const {
  const int64_t groups = program_.groupsOf(program_.batchSize);
  return (groups + program_.groupsPerBlock - 1) / program_.groupsPerBlock;
}

const BufferDescription& CallSpec::buffer(const char* name) const {
  const auto found = call_.operands.find(name);
  if (found == call_.operands.end()) fail(std::string("expected an operand ") + name + ", received none");
  const int64_t index = found->second, count = static_cast<int64_t>(program_.buffers.size());
  if (index < 0 || index >= count) {
    fail(std::string("expected a buffer index below ") + std::to_string(count) + " for " + name + ", received " +
         std::to_string(index));
  }
  return program_.buffers[static_cast<size_t>(index)];
}

int64_t CallSpec::elements(const char* operand) const { return buffer(operand).elements; }

Operand CallSpec::operand(const char* name, int64_t elements, Element element, bool shared) const {
  const BufferDescription& b = buffer(name);
  if ((b.space != Space::sample) != shared) {
    fail(std::string("expected ") + name + (shared ? " outside" : " inside") + " the slices of lane groups");
  }
  if (b.element != element) {
    fail(std::string("expected ") + elementName(element) + " for " + name + ", received " + elementName(b.element));
  }
  if (b.elements < elements) {
    fail("expected at least " + std::to_string(elements) + " elements for " + name + ", received " +
         std::to_string(b.elements));
  }
  return {b.space, b.offset, b.store, b.slot, true};
}

const std::vector<double>& CallSpec::numbers(const char* name, int64_t count) const {
  const auto found = call_.attributes.find(name);
  if (found == call_.attributes.end()) fail(std::string("expected an attribute ") + name + ", received none");
  if (static_cast<int64_t>(found->second.size()) != count) {
    fail("expected " + std::to_string(count) + " numbers for " + name + ", received " +
         std::to_string(found->second.size()));
  }
  return found->second;
}

double CallSpec::number(const char* name) const { return numbers(name, 1)[0]; }

int64_t CallSpec::integer(const char* name, int64_t least, int64_t most) const {
  const double value = number(name);
  if (!(value >= static_cast<double>(least) && value <= static_cast<double>(most)) || value != std::floor(value)) {
    fail("expected a whole number from " + std::to_string(least) + " to " + std::to_string(most) + " for " + name +
         ", received " + std::to_string(value));
  }
  return static_cast<int64_t>(value);
}

const std::string& CallSpec::word(const char* name) const {
  const auto found = call_.words.find(name);
  if (found == call_.words.end()) fail(std::string("expected an attribute ") + name + ", received none");
  return found->second;
}

int64_t CallSpec::product(std::initializer_list<int64_t> sizes) const {
  int64_t total = 1;
  for (int64_t size : sizes) {
    if (size != 0 && total > kMostBytes / size)
      fail("expected a tensor that fits in memory, received one of more elements");
    total *= size;
  }
  return total;
}

}  // namespace cnnative
