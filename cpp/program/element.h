// Element types of buffers.
#pragma once

#include <cstdint>

namespace cnnative {

enum class Element { float32, float64, int32, uint8 };

constexpr int64_t elementSize(Element e) { return e == Element::float64 ? 8 : e == Element::uint8 ? 1 : 4; }

constexpr const char* elementName(Element e) {
  switch (e) {
    case Element::float32:
      return "float32";
    case Element::float64:
      return "float64";
    case Element::int32:
      return "int32";
    default:
      return "uint8";
  }
}

template <class T>
constexpr Element elementOf();
template <>
constexpr Element elementOf<float>() {
  return Element::float32;
}
template <>
constexpr Element elementOf<double>() {
  return Element::float64;
}

}  // namespace cnnative
