// Convolution: forward, gradient of the data, gradient of the weights, and the packing of weights both need.
#include <algorithm>

#include "operators/activation_functions.h"
#include "operators/correlation_plan.h"
#include "operators/operators.h"

namespace cnnative {

namespace {

/// packed = w, in the order the kernels read it; `swapped` for the data gradient. Channels are those of one of
/// `groups`.
template <class T>
class PackWeights : public TeamCall {
 public:
  explicit PackWeights(const CallSpec& s) : kernels_(s.kernels<T>().conv) {
    shape_ = {s.integer("outputs", 1), s.integer("inputs", 1), s.integer("taps", 1), s.integer("pixels", 1)};
    groups_ = s.integer("groups", 1);
    swapped_ = s.integer("swapped", 0, 1) == 1;
    const int64_t elements = s.product({shape_.outputs, shape_.inputs, shape_.taps});
    packed_ = s.shared<T>("packed", s.product({groups_, elements}));
    w_ = s.shared<T>("w", s.product({groups_, elements}));
    outputs_ = swapped_ ? shape_.inputs : shape_.outputs;
    // Packing copies: a piece of some thousand weights is worth a thread, less is not.
    const int64_t row = elements / outputs_;
    channels_ = kPackBlock * std::max<int64_t>(1, kPieceElements / (row * kPackBlock));
  }

  int64_t pieces(const Step&) const noexcept override { return groups_ * groupPieces(); }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept override {
    const int64_t first = piece % groupPieces() * channels_, last = std::min(outputs_, first + channels_);
    const int64_t offset = piece / groupPieces() * shape_.outputs * shape_.inputs * shape_.taps;
    kernels_.pack(packed_.at<T>(step) + offset, w_.at<T>(step) + offset, shape_, swapped_, first, last);
  }

 private:
  const ConvKernels<T>& kernels_;
  WeightShape shape_;
  Operand packed_, w_;
  bool swapped_;
  int64_t groups_, outputs_, channels_;

  int64_t groupPieces() const { return (outputs_ + channels_ - 1) / channels_; }
};

/// Channels of one group of a grouped convolution, and where the next group's data begin.
struct Groups {
  Groups(const CallSpec& s, const ConvolutionAxes& a)
      : count(s.integer("groups", 1)), inputs(s.integer("inputs", 1)), outputs(s.integer("outputs", 1)) {
    inputStep = s.product({inputs, a.row.in, a.column.in, kLanes});
    outputStep = s.product({outputs, a.row.out, a.column.out, kLanes});
    weightStep = s.product({outputs, inputs, a.row.taps, a.column.taps});
  }

  /// Of `parts` in each of the groups, first..last: calls work(group, first part, last part).
  template <class Work>
  void each(int64_t parts, int64_t first, int64_t last, const Work& work) const {
    for (int64_t g = first / parts; g * parts < last; g++) {
      work(g, std::max<int64_t>(first - g * parts, 0), std::min(last - g * parts, parts));
    }
  }

  int64_t count, inputs, outputs;
  int64_t inputStep, outputStep, weightStep;
};

/// y = act(conv(x, w) + bias + addend). Or, walked backwards, dx = act(that of dy with the same weights + bias +
/// addend): a data gradient needs no bias and no activation, but it is also the forward pass of a transposed
/// convolution.
template <class T, bool Backwards>
class Correlate : public PartedCall {
 public:
  explicit Correlate(const CallSpec& s) : Correlate(s, ConvolutionAxes(s)) {}

  // An activation behind the kernel works on whole groups of channels.
  int64_t parts() const noexcept override { return groups_.count * (activation_.function ? 1 : plan_.parts()); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last, std::byte*) const noexcept override {
    T* y = y_.at<T>(step, group);
    const T *x = x_.at<T>(step, group), *w = w_.at<T>(step);
    const Epilogue<T> epilogue = {bias_.present ? bias_.at<T>(step) : nullptr,
                                  addend_.present ? addend_.at<T>(step, group) : nullptr, activation_.relu};
    groups_.each(parts() / groups_.count, first, last, [&](int64_t g, int64_t from, int64_t to) {
      T* yg = y + g * yStep();
      if (activation_.function) from = 0, to = plan_.parts();
      kernels_.correlate(yg, x + g * xStep(), w + g * groups_.weightStep, epilogue.at(g * channels(), g * yStep()),
                         plan_.correlation(), from, to);
      if (activation_.function) activation_.function->forward(yg, yg, yStep());
    });
  }

 private:
  Correlate(const CallSpec& s, const ConvolutionAxes& a)
      : kernels_(s.kernels<T>().conv),
        activation_(s),
        groups_(s, a),
        plan_(Backwards ? groups_.outputs : groups_.inputs, channels(), Backwards ? reversed(a.row) : a.row,
              Backwards ? reversed(a.column) : a.column) {
    const int64_t elements = s.product({groups_.count, yStep()});
    y_ = s.sample<T>(Backwards ? "dx" : "y", elements);
    x_ = s.sample<T>(Backwards ? "dy" : "x", s.product({groups_.count, xStep()}));
    w_ = s.shared<T>("w", s.product({groups_.count, groups_.weightStep}));
    if (s.has("bias")) bias_ = s.shared<T>("bias", s.product({groups_.count, channels()}));
    if (s.has("addend")) addend_ = s.sample<T>("addend", elements);
  }

  /// Of one group: channels that are made, elements that are made, elements that are read.
  int64_t channels() const { return Backwards ? groups_.inputs : groups_.outputs; }
  int64_t yStep() const { return Backwards ? groups_.inputStep : groups_.outputStep; }
  int64_t xStep() const { return Backwards ? groups_.outputStep : groups_.inputStep; }

  const ConvKernels<T>& kernels_;
  FusedActivation<T> activation_;
  Groups groups_;
  CorrelationPlan plan_;
  Operand y_, x_, w_, bias_, addend_;
};

template <class T>
using Convolution = Correlate<T, false>;
template <class T>
using ConvolutionDataGradient = Correlate<T, true>;

/// One partial dw for each block of samples; reduceBlocks adds them up.
template <class T>
class ConvolutionWeightGradient : public PartedCall {
 public:
  explicit ConvolutionWeightGradient(const CallSpec& s) : ConvolutionWeightGradient(s, ConvolutionAxes(s)) {}

  int64_t scratchBytes() const override {
    return kernels_.gradientScratch(gradient_) * static_cast<int64_t>(sizeof(T));
  }

  int64_t parts() const noexcept override { return groups_.count * blocks(); }
  void runParts(const Step& step, int64_t group, int64_t first, int64_t last,
                std::byte* scratch) const noexcept override {
    T* dw = dw_.at<T>(step) + group / step.groupsPerBlock * groups_.count * groups_.weightStep;
    const T *dy = dy_.at<T>(step, group), *x = x_.at<T>(step, group);
    const bool accumulate = group % step.groupsPerBlock != 0;
    groups_.each(blocks(), first, last, [&](int64_t g, int64_t from, int64_t to) {
      kernels_.weightGradient(dw + g * groups_.weightStep, dy + g * groups_.outputStep, x + g * groups_.inputStep,
                              accumulate, gradient_, from * kGradientBlock,
                              std::min(to * kGradientBlock, groups_.outputs), reinterpret_cast<T*>(scratch));
    });
  }

 private:
  ConvolutionWeightGradient(const CallSpec& s, const ConvolutionAxes& a)
      : kernels_(s.kernels<T>().conv), groups_(s, a), gradient_{groups_.inputs, groups_.outputs, a.row, a.column} {
    dw_ = s.shared<T>("dw", s.product({s.mostBlocks(), groups_.count, groups_.weightStep}));
    dy_ = s.sample<T>("dy", s.product({groups_.count, groups_.outputStep}));
    x_ = s.sample<T>("x", s.product({groups_.count, groups_.inputStep}));
  }

  int64_t blocks() const { return (groups_.outputs + kGradientBlock - 1) / kGradientBlock; }

  const ConvKernels<T>& kernels_;
  Groups groups_;
  WeightGradient gradient_;
  Operand dw_, dy_, x_;
};

}  // namespace

const OperatorFactories packWeights = CNNATIVE_FACTORIES(PackWeights);
const OperatorFactories convolution = CNNATIVE_FACTORIES(Convolution);
const OperatorFactories convolutionDataGradient = CNNATIVE_FACTORIES(ConvolutionDataGradient);
const OperatorFactories convolutionWeightGradient = CNNATIVE_FACTORIES(ConvolutionWeightGradient);

}  // namespace cnnative
