// Softmax and cross-entropy on logits: lanes are samples, so sums over classes need no shuffles.
#include "kernels/families.h"
#include "kernels/long_sum.h"
#include "simd/math.h"

namespace cnnative::CNNATIVE_ISA_NAMESPACE {

namespace {

CNNATIVE_INLINE Vec largest(const float* x, int64_t classes) {
  Vec top = load(x);
  for (int64_t k = 1; k < classes; k++) top = max(top, load(x + k * kLanes));
  return top;
}

void forward(float* y, const float* x, int64_t classes) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec top = largest(x + v, classes);
    const Vec sum = longSum(classes, [&](int64_t k) {
      const Vec e = exp(load(x + k * kLanes + v) - top);
      store(y + k * kLanes + v, e);
      return e;
    });
    for (int64_t k = 0; k < classes; k++) store(y + k * kLanes + v, load(y + k * kLanes + v) / sum);
  }
}

void backward(float* dx, const float* dy, const float* y, int64_t classes) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec dot = longSum(classes, [&](int64_t k) { return load(dy + k * kLanes + v) * load(y + k * kLanes + v); });
    for (int64_t k = 0; k < classes; k++) {
      const int64_t at = k * kLanes + v;
      store(dx + at, load(y + at) * (load(dy + at) - dot));
    }
  }
}

void logForward(float* y, const float* x, int64_t classes) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec top = largest(x + v, classes);
    const Vec sum = longSum(classes, [&](int64_t k) { return exp(load(x + k * kLanes + v) - top); });
    const Vec less = log(sum);
    for (int64_t k = 0; k < classes; k++) store(y + k * kLanes + v, (load(x + k * kLanes + v) - top) - less);
  }
}

void logBackward(float* dx, const float* dy, const float* y, int64_t classes) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec sum = longSum(classes, [&](int64_t k) { return load(dy + k * kLanes + v); });
    for (int64_t k = 0; k < classes; k++) {
      const int64_t at = k * kLanes + v;
      store(dx + at, load(dy + at) - exp(load(y + at)) * sum);
    }
  }
}

void crossEntropy(float* loss, float* correct, float* dx, const float* x, const int32_t* labels, int64_t count,
                  int64_t classes, float scale) {
  for (int v = 0; v < kLanes; v += kWidth) {
    const Vec top = largest(x + v, classes);
    const Vec sum = longSum(classes, [&](int64_t k) { return exp(load(x + k * kLanes + v) - top); });
    store(loss + v, log(sum));
    if (!dx) continue;
    const Vec share = splat(scale) / sum;
    for (int64_t k = 0; k < classes; k++) {
      store(dx + k * kLanes + v, exp(load(x + k * kLanes + v) - top) * share);
    }
  }
  for (int64_t l = 0; l < kLanes; l++) {
    if (l >= count) {
      loss[l] = correct[l] = 0.0f;
      for (int64_t k = 0; dx && k < classes; k++) dx[k * kLanes + l] = 0.0f;
      continue;
    }
    int64_t best = 0;
    for (int64_t k = 1; k < classes; k++) best = x[k * kLanes + l] > x[best * kLanes + l] ? k : best;
    // Two logits first: beside a large one the logarithm would lose its digits.
    loss[l] += x[best * kLanes + l] - x[labels[l] * kLanes + l];
    correct[l] = best == labels[l] ? 1.0f : 0.0f;
    if (dx) dx[labels[l] * kLanes + l] -= scale;
  }
}

}  // namespace

const SoftmaxKernels<float> softmaxKernels = {forward, backward, logForward, logBackward, crossEntropy};

}  // namespace cnnative::CNNATIVE_ISA_NAMESPACE
