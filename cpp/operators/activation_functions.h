// Activations by name, for the calls that end in one. Names as in the field.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "program/call_spec.h"

namespace cnnative {

/// The activation a call asks for: `activation` its name, `parameter` the number that some of them take.
template <class T>
class ActivationFunction {
 public:
  explicit ActivationFunction(const CallSpec& s) {
    const std::string& name = s.word("activation");
    const Row* row = find(name);
    if (!row) s.fail("expected the name of an activation, received " + name);
    function_ = &(s.kernels<T>().activation.*row->function);
    known_ = row->known;
    if (!row->hasParameter) return;
    const double parameter = s.number("parameter");
    // Below zero the gradient would not follow from y.
    if (!(parameter >= 0 && std::isfinite(parameter))) {
      s.fail("expected a number of at least 0 for parameter, received " + std::to_string(parameter));
    }
    parameter_ = static_cast<T>(parameter);
  }

  /// The operand that the gradient follows from: y, or x.
  const char* known() const { return known_; }
  void forward(T* y, const T* x, int64_t n) const { function_->forward(y, x, n, parameter_); }
  void backward(T* dx, const T* dy, const T* known, int64_t n) const {
    function_->backward(dx, dy, known, n, parameter_);
  }

 private:
  using Table = ActivationKernels<T>;
  struct Row {
    const char* name;
    typename Table::Function Table::*function;
    const char* known;
    bool hasParameter;
  };

  static const Row* find(const std::string& name) {
    static constexpr Row kRows[] = {
        {"relu", &Table::relu, "y", false},           {"relu6", &Table::relu6, "y", false},
        {"leakyRelu", &Table::leakyRelu, "y", true},  {"elu", &Table::elu, "y", true},
        {"selu", &Table::selu, "y", false},           {"hardSigmoid", &Table::hardSigmoid, "y", false},
        {"sigmoid", &Table::sigmoid, "y", false},     {"tanh", &Table::tanh, "y", false},
        {"softplus", &Table::softplus, "y", false},   {"softsign", &Table::softsign, "y", false},
        {"gelu", &Table::gelu, "x", false},           {"geluTanh", &Table::geluTanh, "x", false},
        {"silu", &Table::silu, "x", false},           {"mish", &Table::mish, "x", false},
        {"hardSwish", &Table::hardSwish, "x", false},
    };
    for (const Row& row : kRows) {
      if (name == row.name) return &row;
    }
    return nullptr;
  }

  const typename Table::Function* function_;
  const char* known_;
  T parameter_ = 0;
};

/// The activation a convolution or dense call ends in: relu rides on the kernel, others follow while y is in the cache.
template <class T>
struct FusedActivation {
  explicit FusedActivation(const CallSpec& s) : relu(s.word("activation") == "relu") {
    if (!relu && s.word("activation") != "linear") function.emplace(s);
  }

  bool relu;
  std::optional<ActivationFunction<T>> function;
};

}  // namespace cnnative
