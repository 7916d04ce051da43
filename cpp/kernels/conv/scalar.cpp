// Convolution as its definition reads: the reference of the SIMD kernels, the fallback of CPUs without them, and, in
// double precision, the program of the gradient check.
#include "kernels/families.h"

namespace cnnative::scalar {

namespace {

// The input position that output o and a tap meet, or -1.
int64_t inputOf(const Axis& a, int64_t o, int64_t tap) {
  const int64_t scaled = o * a.down + tap * a.step + a.offset;
  return scaled >= 0 && scaled % a.up == 0 && scaled / a.up < a.in ? scaled / a.up : -1;
}

template <class T>
void correlate(T* y, const T* x, const T* w, const Epilogue<T>& e, const Correlation& c, int64_t first, int64_t last) {
  const int64_t taps = c.row.taps * c.column.taps;
  const auto pixel = [&](int64_t k, int64_t oy, int64_t ox) {
    const int64_t at = ((k * c.row.out + oy) * c.column.out + ox) * kLanes;
    T sum[kLanes];
    for (int l = 0; l < kLanes; l++) sum[l] = (e.bias ? e.bias[k] : T(0)) + (e.addend ? e.addend[at + l] : T(0));
    for (int64_t i = 0; i < c.inputs; i++) {
      for (int64_t r = 0; r < c.row.taps; r++) {
        const int64_t iy = inputOf(c.row, oy, r);
        if (iy < 0) continue;
        for (int64_t s = 0; s < c.column.taps; s++) {
          const int64_t ix = inputOf(c.column, ox, s);
          if (ix < 0) continue;
          const int64_t tap = r * c.column.taps + s;
          const T weight = w[(k * c.inputs + i) * taps + tap];
          const T* in = x + ((i * c.row.in + iy) * c.column.in + ix) * kLanes;
          for (int l = 0; l < kLanes; l++) sum[l] += weight * in[l];
        }
      }
    }
    for (int l = 0; l < kLanes; l++) y[at + l] = e.relu && sum[l] < T(0) ? T(0) : sum[l];
  };
  for (int64_t part = first; part < last; part++) {
    const CorrelationPart p = partOf(c, part);
    for (int64_t k = p.firstOutput; k < p.lastOutput; k++) {
      for (int64_t oy = p.firstRow; oy < p.lastRow; oy++) {
        for (int64_t ox = 0; ox < c.column.out; ox++) pixel(k, oy, ox);
      }
    }
  }
}

int64_t gradientScratch(const WeightGradient&) { return 0; }

template <class T>
void weightGradient(T* dw, const T* dy, const T* x, bool accumulate, const WeightGradient& g, int64_t first,
                    int64_t last, T*) {
  dw += first * g.inputs * g.row.taps * g.column.taps;
  for (int64_t k = first; k < last; k++) {
    for (int64_t c = 0; c < g.inputs; c++) {
      for (int64_t r = 0; r < g.row.taps; r++) {
        for (int64_t s = 0; s < g.column.taps; s++, dw++) {
          T sum[kLanes] = {};
          for (int64_t oy = 0; oy < g.row.out; oy++) {
            const int64_t iy = inputOf(g.row, oy, r);
            if (iy < 0) continue;
            for (int64_t ox = 0; ox < g.column.out; ox++) {
              const int64_t ix = inputOf(g.column, ox, s);
              if (ix < 0) continue;
              const T* d = dy + ((k * g.row.out + oy) * g.column.out + ox) * kLanes;
              const T* in = x + ((c * g.row.in + iy) * g.column.in + ix) * kLanes;
              for (int l = 0; l < kLanes; l++) sum[l] += d[l] * in[l];
            }
          }
          T total = 0;
          for (int l = 0; l < kLanes; l++) total += sum[l];
          *dw = accumulate ? *dw + total : total;
        }
      }
    }
  }
}

// The scalar kernel reads [outputs, inputs, taps], so packing only has to swap.
template <class T>
void pack(T* packed, const T* w, const WeightShape& s, bool swapped, int64_t first, int64_t last) {
  const int64_t outputs = swapped ? s.inputs : s.outputs, inputs = swapped ? s.outputs : s.inputs;
  const int64_t outputStep = (swapped ? 1 : s.inputs) * s.taps, inputStep = (swapped ? s.inputs : 1) * s.taps;
  for (int64_t k = first; k < last && k < outputs; k++) {
    for (int64_t c = 0; c < inputs; c++) {
      for (int64_t t = 0; t < s.taps; t++) {
        packed[(k * inputs + c) * s.taps + t] = w[k * outputStep + c * inputStep + t];
      }
    }
  }
}

}  // namespace

template <class T>
const ConvKernels<T>& convKernels() {
  static const ConvKernels<T> table = {correlate<T>, gradientScratch, weightGradient<T>, pack<T>};
  return table;
}
template const ConvKernels<float>& convKernels();
template const ConvKernels<double>& convKernels();

}  // namespace cnnative::scalar
