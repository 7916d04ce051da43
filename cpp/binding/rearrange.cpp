#include "binding/rearrange.h"

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "binding/arguments.h"

namespace cnnative {

namespace {

struct Axes {
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;  // in items of the source
};

/// Copies what lies below an axis, rows first, and returns where the next item goes.
template <class Item>
Item* copyAxis(Item* out, const Item* source, const Axes& axes, size_t axis) {
  const int64_t size = axes.sizes[axis];
  const int64_t stride = axes.strides[axis];
  if (axis + 1 == axes.sizes.size()) {
    for (int64_t i = 0; i < size; i++) out[i] = source[i * stride];
    return out + size;
  }
  for (int64_t i = 0; i < size; i++) out = copyAxis(out, source + i * stride, axes, axis + 1);
  return out;
}

template <class Item>
void copy(const ArrayView& out, const ArrayView& source, const Axes& axes, int64_t first) {
  auto* target = const_cast<Item*>(static_cast<const Item*>(out.data));
  copyAxis(target, static_cast<const Item*>(source.data) + first, axes, 0);
}

void require(bool condition, const char* message) {
  if (!condition) throw std::out_of_range(message);
}

ArrayView bytesOf(const Napi::Value& v, const std::string& name, int64_t itemBytes) {
  const ArrayView view = typedArrayOf(v, name);
  if (view.element != Element::uint8) throwType(v.Env(), name, "a Uint8Array");
  require(reinterpret_cast<uintptr_t>(view.data) % static_cast<uintptr_t>(itemBytes) == 0,
          "rearrange: expected arrays aligned to their items");
  return view;
}

}  // namespace

void rearrange(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] {
    const int64_t itemBytes = integerOf(info[2], "itemBytes");
    require(itemBytes == 1 || itemBytes == 2 || itemBytes == 4 || itemBytes == 8,
            "rearrange: expected 1, 2, 4 or 8 for itemBytes");
    Axes axes{integersOf(info[3], "shape"), integersOf(info[4], "strides")};
    const int64_t begin = integerOf(info[5], "begin");
    const int64_t end = integerOf(info[6], "end");
    // Last: getters of what was read before may have taken their memory away.
    const ArrayView out = bytesOf(info[0], "out", itemBytes);
    const ArrayView source = bytesOf(info[1], "source", itemBytes);
    require(!axes.sizes.empty() && axes.sizes.size() <= 32 && axes.sizes.size() == axes.strides.size(),
            "rearrange: expected 1 to 32 axes with a stride each");
    require(begin >= 0 && begin <= end && end <= axes.sizes[0], "rearrange: expected a range of the first axis");

    const int64_t items = source.elements / itemBytes;
    axes.sizes[0] = end - begin;
    int64_t total = 1;
    int64_t last = 0;  // index of the last item read
    for (size_t axis = 0; axis < axes.sizes.size(); axis++) {
      const int64_t size = axes.sizes[axis];
      const int64_t stride = axes.strides[axis];
      require(size > 0 && stride >= 0 && size <= items && stride <= items,
              "rearrange: expected axes within the source");
      require(total <= items / size, "rearrange: expected as many items as the source has, at most");
      total *= size;
      const int64_t steps = size - 1 + (axis == 0 ? begin : 0);
      require(stride == 0 || steps <= items / stride, "rearrange: expected strides within the source");
      last += steps * stride;
      require(last < items, "rearrange: expected strides within the source");
    }
    require(out.elements == total * itemBytes, "rearrange: expected an out of as many bytes as are copied");
    const int64_t first = begin * axes.strides[0];
    if (itemBytes == 1) copy<uint8_t>(out, source, axes, first);
    if (itemBytes == 2) copy<uint16_t>(out, source, axes, first);
    if (itemBytes == 4) copy<uint32_t>(out, source, axes, first);
    if (itemBytes == 8) copy<uint64_t>(out, source, axes, first);
  });
}

}  // namespace cnnative
