// All kernels of one instruction set, for one element type. Operators hold a reference to such a table and know of no
// instruction set; a program picks its table once, when it is loaded.
#pragma once

#include "cpu/isa.h"
#include "kernels/activation/activation.h"
#include "kernels/augment/augment.h"
#include "kernels/channels/channels.h"
#include "kernels/conv/conv.h"
#include "kernels/data/data.h"
#include "kernels/dense/dense.h"
#include "kernels/flat/flat.h"
#include "kernels/frame/frame.h"
#include "kernels/group_norm/group_norm.h"
#include "kernels/loss/loss.h"
#include "kernels/merge/merge.h"
#include "kernels/norm/norm.h"
#include "kernels/optimizer/optimizer.h"
#include "kernels/peak/peak.h"
#include "kernels/pointwise/pointwise.h"
#include "kernels/pool/pool.h"
#include "kernels/prelu/prelu.h"
#include "kernels/random/random.h"
#include "kernels/reduce/reduce.h"
#include "kernels/regularizer/regularizer.h"
#include "kernels/resample/resample.h"
#include "kernels/response_norm/response_norm.h"
#include "kernels/softmax/softmax.h"
#include "kernels/winograd/winograd.h"

namespace cnnative {

/// Every family: F(type, name). The one list from which tables are declared and gathered.
#define CNNATIVE_FAMILIES(F)    \
  F(Activation, activation)     \
  F(Augment, augment)           \
  F(Channel, channel)           \
  F(Conv, conv)                 \
  F(Data, data)                 \
  F(Dense, dense)               \
  F(Flat, flat)                 \
  F(Frame, frame)               \
  F(GroupNorm, groupNorm)       \
  F(Loss, loss)                 \
  F(Merge, merge)               \
  F(Norm, norm)                 \
  F(Optimizer, optimizer)       \
  F(Peak, peak)                 \
  F(Pointwise, pointwise)       \
  F(Pool, pool)                 \
  F(Prelu, prelu)               \
  F(Random, random)             \
  F(Reduce, reduce)             \
  F(Regularizer, regularizer)   \
  F(Resample, resample)         \
  F(ResponseNorm, responseNorm) \
  F(Softmax, softmax)           \
  F(Winograd, winograd)

template <class T>
struct Kernels {
#define CNNATIVE_MEMBER(type, name) type##Kernels<T> name;
  CNNATIVE_FAMILIES(CNNATIVE_MEMBER)
#undef CNNATIVE_MEMBER
};

/// The table for an instruction set this build has. Doubles have scalar kernels only, whatever `isa` says.
template <class T>
const Kernels<T>& kernelsFor(Isa isa);

}  // namespace cnnative
