// Contract of the group normalisation family, for one lane group. Statistics are per sample, so each lane has its own:
// over the P pixels of the C channels of each of G groups. Layer normalisation is one group of all elements as channels
// of one pixel, instance normalisation groups of one channel.
#pragma once

#include <cstdint>

#include "kernels/lanes.h"

namespace cnnative {

/// x[G, C, P, L]
struct GroupNorm {
  int64_t groups, channels, pixels;
};

template <class T>
struct GroupNormKernels {
  /// y[G, C, P, L] = (x - mean) * inverse * gamma[G, C] + beta[G, C], where inverse = 1 / sqrt(variance + epsilon) and
  /// the variance is the biased one; statistics[G, 2, L] = mean and inverse. gamma and beta may be null: 1 and 0.
  void (*forward)(T* y, T* statistics, const T* x, const T* gamma, const T* beta, T epsilon, const GroupNorm& shape);
  /// Of d = dy * gamma: sums[G, 2, L] = the sums over each group of d and of d * (x - mean). In the same pass, where
  /// not null, dbeta[G, C] (+)= the sums over pixels and lanes of dy, and dgamma[G, C] (+)= those of dy * (x - mean) *
  /// inverse.
  void (*sums)(T* sums, T* dgamma, T* dbeta, const T* dy, const T* x, const T* statistics, const T* gamma,
               bool accumulate, const GroupNorm& shape);
  /// dx[G, C, P, L] from dy, the sums, and what `forward` read and stored; dx may be dy.
  void (*backward)(T* dx, const T* dy, const T* x, const T* statistics, const T* sums, const T* gamma,
                   const GroupNorm& shape);
};

}  // namespace cnnative
