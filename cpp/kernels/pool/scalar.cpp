#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

// Calls visit(offset of the input within its plane) for every input of a window, row by row.
template <class Visit>
void visitWindow(const Pool& p, int64_t oy, int64_t ox, const Visit& visit) {
  const PoolSpan &rows = p.rows[oy], &columns = p.columns[ox];
  for (int64_t iy = rows.first; iy < rows.last; iy += p.stepHeight) {
    for (int64_t ix = columns.first; ix < columns.last; ix += p.stepWidth) visit((iy * p.width + ix) * kLanes);
  }
}

template <class T>
T countOf(const Pool& p, int64_t oy, int64_t ox) {
  return static_cast<T>(p.rows[oy].counted * p.columns[ox].counted);
}

template <class T>
void maxForward(T* y, const T* x, const Pool& p) {
  for (int64_t c = 0; c < p.channels; c++, x += p.height * p.width * kLanes) {
    for (int64_t oy = 0; oy < p.outputHeight; oy++) {
      for (int64_t ox = 0; ox < p.outputWidth; ox++, y += kLanes) {
        for (int l = 0; l < kLanes; l++) {
          bool first = true;
          visitWindow(p, oy, ox, [&](int64_t at) {
            const T in = x[at + l];
            if (first || in > y[l] || in != in) y[l] = in;
            first = false;
          });
        }
      }
    }
  }
}

template <class T>
void maxBackward(T* dx, const T* dy, const T* x, const T* y, bool relu, const Pool& p) {
  const int64_t plane = p.height * p.width * kLanes;
  for (int64_t c = 0; c < p.channels; c++, dx += plane, x += plane) {
    for (int64_t i = 0; i < plane; i++) dx[i] = T(0);
    for (int64_t oy = 0; oy < p.outputHeight; oy++) {
      for (int64_t ox = 0; ox < p.outputWidth; ox++, dy += kLanes, y += kLanes) {
        for (int l = 0; l < kLanes; l++) {
          bool taken = relu && y[l] <= T(0);
          visitWindow(p, oy, ox, [&](int64_t at) {
            const T in = x[at + l];
            if (!taken && (in == y[l] || in != in)) {
              dx[at + l] += dy[l];
              taken = true;
            }
          });
        }
      }
    }
  }
}

template <class T>
void averageForward(T* y, const T* x, const Pool& p) {
  for (int64_t c = 0; c < p.channels; c++, x += p.height * p.width * kLanes) {
    for (int64_t oy = 0; oy < p.outputHeight; oy++) {
      for (int64_t ox = 0; ox < p.outputWidth; ox++, y += kLanes) {
        double sum[kLanes] = {};
        visitWindow(p, oy, ox, [&](int64_t at) {
          for (int l = 0; l < kLanes; l++) sum[l] += static_cast<double>(x[at + l]);
        });
        const auto count = countOf<double>(p, oy, ox);
        for (int l = 0; l < kLanes; l++) y[l] = static_cast<T>(sum[l] / count);
      }
    }
  }
}

template <class T>
void averageBackward(T* dx, const T* dy, const Pool& p) {
  const int64_t plane = p.height * p.width * kLanes;
  for (int64_t c = 0; c < p.channels; c++, dx += plane) {
    for (int64_t i = 0; i < plane; i++) dx[i] = T(0);
    for (int64_t oy = 0; oy < p.outputHeight; oy++) {
      for (int64_t ox = 0; ox < p.outputWidth; ox++, dy += kLanes) {
        visitWindow(p, oy, ox, [&](int64_t at) {
          for (int l = 0; l < kLanes; l++) dx[at + l] += dy[l] / countOf<T>(p, oy, ox);
        });
      }
    }
  }
}

}  // namespace

template <class T>
const PoolKernels<T>& poolKernels() {
  static const PoolKernels<T> table = {maxForward<T>, maxBackward<T>, averageForward<T>, averageBackward<T>};
  return table;
}
template const PoolKernels<float>& poolKernels();
template const PoolKernels<double>& poolKernels();

}  // namespace cnnative::scalar
