// Activations by name, for the calls that end in one.
#pragma once

#include "program/call_spec.h"

namespace cnnative {

/// The function of that name, or null. Names as in Keras.
template <class T>
const typename ActivationKernels<T>::Function* activationFunction(const ActivationKernels<T>& k,
                                                                  const std::string& name) {
  if (name == "relu") return &k.relu;
  if (name == "sigmoid") return &k.sigmoid;
  if (name == "tanh") return &k.tanh;
  return nullptr;
}

/// The activation a convolution or dense call ends in: relu rides on the kernel, others follow while y is in the cache.
template <class T>
struct FusedActivation {
  explicit FusedActivation(const CallSpec& s) {
    const std::string& name = s.word("activation");
    relu = name == "relu";
    if (relu || name == "linear") return;
    function = activationFunction<T>(s.kernels<T>().activation, name);
    if (!function) s.fail("expected the name of an activation, received " + name);
  }

  bool relu = false;
  const typename ActivationKernels<T>::Function* function = nullptr;
};

}  // namespace cnnative
