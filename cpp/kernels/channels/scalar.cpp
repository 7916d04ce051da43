// Scalar programs compute single samples in lane groups like all others: this table is empty.
#include "kernels/families.h"

namespace cnnative::scalar {

template <class T>
const ChannelKernels<T>& channelKernels() {
  static const ChannelKernels<T> table = {};
  return table;
}
template const ChannelKernels<float>& channelKernels();
template const ChannelKernels<double>& channelKernels();

}  // namespace cnnative::scalar
