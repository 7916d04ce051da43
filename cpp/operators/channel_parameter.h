// A parameter that a layer may do without.
#pragma once

#include "program/call_spec.h"

namespace cnnative {

/// A number for each channel; where a call has no such operand, the same one for all.
template <class T>
class ChannelParameter {
 public:
  ChannelParameter() = default;
  ChannelParameter(const CallSpec& s, const char* name, int64_t channels, double otherwise) : otherwise_(otherwise) {
    if (s.has(name)) operand_ = s.shared<T>(name, channels);
  }

  double at(const Step& step, int64_t channel) const {
    return operand_.present ? static_cast<double>(operand_.at<T>(step)[channel]) : otherwise_;
  }

 private:
  Operand operand_;
  double otherwise_ = 0;
};

}  // namespace cnnative
