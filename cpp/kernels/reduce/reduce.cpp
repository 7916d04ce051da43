#include "kernels/families.h"
#include "simd/block.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

void blocks(float* y, const float* x, int64_t blocks, int64_t stride, int64_t first, int64_t last) {
  int64_t i = first;
  for (; i + kWidth <= last; i += kWidth) {
    Vec total = load(x + i);
    for (int64_t b = 1; b < blocks; b++) total = total + load(x + b * stride + i);
    store(y + i, total);
  }
  for (; i < last; i++) {
    float total = x[i];
    for (int64_t b = 1; b < blocks; b++) total += x[b * stride + i];
    y[i] = total;
  }
}

// Runs of x along output channels and runs of y along input channels are each far apart, often by a power of two:
// blocks of both, so that lines are read and written whole, are put together in the first-level cache.
constexpr int64_t kTapOutputs = 64, kTapNumbers = 80, kRunsAhead = 2;
static_assert(kTapNumbers >= kMostTaps, "an input channel has its taps together");

void taps(float* y, const float* x, int64_t blocks, const TapsShape& s, int64_t first, int64_t last) {
  const int64_t outputs = s.outputs, inputs = s.inputs, taps = s.taps, distance = taps * inputs * outputs;
  float block[kTapOutputs][kTapNumbers];
  const int64_t most = kTapNumbers / taps;
  for (int64_t c = first; c < last; c += most) {
    const int64_t rows = last - c < most ? last - c : most;
    for (int64_t k = 0; k < outputs; k += kTapOutputs) {
      const int64_t count = outputs - k < kTapOutputs ? outputs - k : kTapOutputs;
      const auto runAt = [&](int64_t n) { return x + (n / rows * inputs + c + n % rows) * outputs + k; };
      for (int64_t n = 0; n < taps * rows; n++) {
        const float *run = runAt(n), *next = runAt(n + kRunsAhead);
        const int64_t at = n % rows * taps + n / rows;
        for (int64_t v = 0; v < count; v += kWidth) {
          Vec total = zero();
          for (int64_t b = 0; b < blocks; b++) {
            const Vec sums = loadSome(run + b * distance + v, count - v);
            total = b == 0 ? sums : total + sums;
            prefetch<false>(next + b * distance + v);
          }
          float lanes[kWidth];
          store(lanes, total);
          for (int64_t l = 0; l < kWidth; l++) block[v + l][at] = lanes[l];
        }
      }
      for (int64_t l = 0; l < count; l++) {
        float* to = y + ((k + l) * inputs + c) * taps;
        for (int64_t i = 0; i < rows * taps; i++) to[i] = block[l][i];
      }
    }
  }
}

// Zero times a number is zero, unless that is infinite or NaN.
bool finite(const float* x, int64_t count, int64_t stride, int64_t rows) {
  Vec chain[4] = {zero(), zero(), zero(), zero()};
  float rest = 0;
  const auto look = [&](const float* row, Vec& sum) {
    int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) sum = fma(load(row + i), zero(), sum);
    for (; i < count; i++) rest += row[i] * 0.0f;
  };
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    CNNATIVE_UNROLL
    for (int j = 0; j < 4; j++) look(x + (row + j) * stride, chain[j]);
  }
  for (; row < rows; row++) look(x + row * stride, chain[0]);
  return sum((chain[0] + chain[1]) + (chain[2] + chain[3])) + rest == 0;
}

// Pixels that are summed up apart: in one sum over a large image each value would lose the digits that it has grown by.
inline constexpr int64_t kRun = 256;

void bias(float* db, const float* dy, bool accumulate, int64_t channels, int64_t pixels) {
  for (int64_t k = 0; k < channels; k++, dy += pixels * kLanes) {
    Vec sums = zero();
    for (int64_t from = 0; from < pixels; from += kRun) {
      const float* run = dy + from * kLanes;
      const int64_t n = smaller(pixels - from, kRun) * kLanes;
      // Four chains hide the latency of an addition.
      Vec chain[4] = {zero(), zero(), zero(), zero()};
      int64_t i = 0;
      for (; i + 4 * kWidth <= n; i += 4 * kWidth) {
        CNNATIVE_UNROLL
        for (int j = 0; j < 4; j++) chain[j] = chain[j] + load(run + i + j * kWidth);
      }
      for (; i < n; i += kWidth) chain[0] = chain[0] + load(run + i);
      sums = sums + ((chain[0] + chain[1]) + (chain[2] + chain[3]));
    }
    const float total = sum(sums);
    db[k] = accumulate ? db[k] + total : total;
  }
}

}  // namespace

const ReduceKernels<float> reduceKernels = {blocks, taps, finite, bias};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
