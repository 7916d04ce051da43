// The factories of all operators; one file each implements them. T is the element type of the program.
#pragma once

#include <memory>

#include "program/call.h"
#include "program/call_spec.h"

namespace cnnative {

using Factory = std::unique_ptr<Call> (*)(const CallSpec&);

/// One operator for both element types.
struct OperatorFactories {
  Factory makeFloat, makeDouble;
};

#define CNNATIVE_FACTORIES(Class)                                                                     \
  {                                                                                                   \
    [](const CallSpec& s) -> std::unique_ptr<Call> { return std::make_unique<Class<float>>(s); },     \
        [](const CallSpec& s) -> std::unique_ptr<Call> { return std::make_unique<Class<double>>(s); } \
  }

extern const OperatorFactories gather, output;
extern const OperatorFactories packWeights, convolution, convolutionDataGradient, convolutionWeightGradient;
extern const OperatorFactories dense, denseDataGradient, denseWeightGradient;
extern const OperatorFactories biasGradient, reduceBlocks, sumSamples;
extern const OperatorFactories maxPooling, maxPoolingGradient;
extern const OperatorFactories activation, activationGradient;
extern const OperatorFactories softmax, softmaxGradient, softmaxCrossEntropy;
extern const OperatorFactories logSoftmax, logSoftmaxGradient;
extern const OperatorFactories prelu, preluGradient, preluSlopeGradient;
extern const OperatorFactories linearLoss;
extern const OperatorFactories sgd, rmsprop, adagrad, adadelta, adam, lion;
extern const OperatorFactories muonMomentum, muonBegin, outerProduct, matrixProduct, muonStep;
extern const OperatorFactories collectGradient, gradientNorms, clipFactors, averageWeights, lookahead;
extern const OperatorFactories winogradWeights;
extern const OperatorFactories winogradConvolution;
extern const OperatorFactories winogradDataGradient;
extern const OperatorFactories winogradWeightGradient;
extern const OperatorFactories pointwiseConvolution, pointwiseDataGradient, pointwiseWeightGradient;
extern const OperatorFactories separableConvolution;
extern const OperatorFactories reduceTaps;
extern const OperatorFactories batchNormMoments;
extern const OperatorFactories batchNormStatistics;
extern const OperatorFactories batchNormScale;
extern const OperatorFactories scaleShift;
extern const OperatorFactories foldBatchNorm;
extern const OperatorFactories batchNormGradientSums;
extern const OperatorFactories batchNormGradientStatistics;
extern const OperatorFactories batchNormGradient;
extern const OperatorFactories batchNormRunning;
extern const OperatorFactories averagePooling;
extern const OperatorFactories averagePoolingGradient;
extern const OperatorFactories add;
extern const OperatorFactories accumulate;
extern const OperatorFactories groupNorm, groupNormGradient, groupNormGradientSums;
extern const OperatorFactories responseNorm, responseNormGradient;
extern const OperatorFactories multiply, maximum, maximumGradient, scale;
extern const OperatorFactories copyRows, permute;
extern const OperatorFactories channelWeights, channelConvolution, channelScaleShift;
extern const OperatorFactories channelWinogradWeights, channelWinogradConvolution;
extern const OperatorFactories resampling, resamplingGradient, reframe;
extern const OperatorFactories mirror;
extern const OperatorFactories splitRows, joinRows;
extern const OperatorFactories shift;
extern const OperatorFactories shiftGradient;
extern const OperatorFactories flatDense, flatSoftmax, flatten, channelGather, flatOutput;
extern const OperatorFactories dropout, dropoutGradient, gaussianNoise;
extern const OperatorFactories penalty, addPenalties, penaltyGradient;
extern const OperatorFactories gatherTargets, oneHot, scaleTargets;
extern const OperatorFactories augmentedGather, mixedLabels, mixedTargets;
extern const OperatorFactories elementwiseLoss, crossEntropy, correctAnswers;

}  // namespace cnnative
