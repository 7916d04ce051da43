// Sums over the batch. Their order follows from shapes alone: groups in a block, then blocks.
#include <algorithm>

#include "operators/operators.h"

namespace cnnative {

namespace {

/// One partial db for each block: dy summed over pixels and the samples of the block.
template <class T>
class BiasGradient : public SampleCall {
 public:
  explicit BiasGradient(const CallSpec& s) : kernels_(s.kernels<T>().reduce) {
    channels_ = s.integer("channels", 1);
    pixels_ = s.integer("pixels", 1);
    db_ = s.shared<T>("db", s.product({s.mostBlocks(), channels_}));
    dy_ = s.sample<T>("dy", s.product({channels_, pixels_, kLanes}));
  }

  void run(const Step& step, int64_t group, std::byte*) const noexcept override {
    T* db = db_.at<T>(step) + group / step.groupsPerBlock * channels_;
    kernels_.bias(db, dy_.at<T>(step, group), group % step.groupsPerBlock != 0, channels_, pixels_);
  }

 private:
  const ReduceKernels<T>& kernels_;
  int64_t channels_, pixels_;
  Operand db_, dy_;
};

/// y = the sum of the partial x of all blocks.
template <class T>
class ReduceBlocks : public TeamCall {
 public:
  explicit ReduceBlocks(const CallSpec& s) : kernels_(s.kernels<T>().reduce) {
    elements_ = s.integer("elements", 1);
    y_ = s.shared<T>("y", elements_);
    x_ = s.shared<T>("x", s.product({s.mostBlocks(), elements_}));
  }

  int64_t pieces(const Step&) const noexcept override { return piecesOf(elements_); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * kPieceElements, last = std::min(elements_, first + kPieceElements);
    kernels_.blocks(y_.at<T>(step), x_.at<T>(step), step.blocks, elements_, first, last);
  }
  const char* result() const noexcept override { return "y"; }
  bool isFinite(const Step& step, int64_t piece) const noexcept override {
    const int64_t first = piece * kPieceElements;
    return kernels_.finite(y_.at<T>(step) + first, std::min(kPieceElements, elements_ - first), 0, 1);
  }

 private:
  const ReduceKernels<T>& kernels_;
  int64_t elements_;
  Operand y_, x_;
};

/// The same for Winograd's partial gradients, which have the nine taps outermost.
template <class T>
class ReduceTaps : public TeamCall {
 public:
  explicit ReduceTaps(const CallSpec& s) : kernels_(s.kernels<T>().reduce) {
    shape_ = {s.integer("outputs", 1), s.integer("inputs", 1), s.integer("taps", 1, kMostTaps)};
    y_ = s.shared<T>("y", s.product({shape_.outputs, shape_.inputs, shape_.taps}));
    x_ = s.shared<T>("x", s.product({s.mostBlocks(), shape_.outputs, shape_.inputs, shape_.taps}));
    inputsAtOnce_ = 1 + kPieceElements / (shape_.taps * shape_.outputs);
  }

  int64_t pieces(const Step&) const noexcept override { return (shape_.inputs + inputsAtOnce_ - 1) / inputsAtOnce_; }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece * inputsAtOnce_, last = std::min(shape_.inputs, first + inputsAtOnce_);
    kernels_.taps(y_.at<T>(step), x_.at<T>(step), step.blocks, shape_, first, last);
  }
  const char* result() const noexcept override { return "y"; }
  bool isFinite(const Step& step, int64_t piece) const noexcept override {
    const int64_t first = piece * inputsAtOnce_, count = std::min(shape_.inputs - first, inputsAtOnce_);
    const int64_t taps = shape_.taps;
    return kernels_.finite(y_.at<T>(step) + first * taps, count * taps, shape_.inputs * taps, shape_.outputs);
  }

 private:
  const ReduceKernels<T>& kernels_;
  TapsShape shape_;
  int64_t inputsAtOnce_;
  Operand y_, x_;
};

/// metrics[metric] = the sum of x over the samples really there, in double.
template <class T>
class SumSamples : public TeamCall {
 public:
  explicit SumSamples(const CallSpec& s) : metric_(s.integer("metric", 0, s.program().metrics - 1)) {
    x_ = s.sample<T>("x", kLanes);
  }

  int64_t pieces(const Step&) const noexcept override { return 1; }
  void run(const Step& step, int64_t, std::byte*) const noexcept override {
    double total = 0;
    for (int64_t group = 0; group < step.groups; group++) {
      const T* x = x_.at<T>(step, group);
      for (int64_t l = 0; l < step.lanes(group); l++) total += x[l];
    }
    step.metrics[metric_] = total;
  }

 private:
  int64_t metric_;
  Operand x_;
};

}  // namespace

const OperatorFactories biasGradient = CNNATIVE_FACTORIES(BiasGradient);
const OperatorFactories reduceBlocks = CNNATIVE_FACTORIES(ReduceBlocks);
const OperatorFactories reduceTaps = CNNATIVE_FACTORIES(ReduceTaps);
const OperatorFactories sumSamples = CNNATIVE_FACTORIES(SumSamples);

}  // namespace cnnative
