#include "operators/registry.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>

#include "operators/operators.h"

namespace cnnative {

namespace {

bool isOneOf(const std::string& op, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), op) != names.end();
}

bool isForChannelsAlone(const std::string& op) {
  return isOneOf(
      op, {"channelGather", "channelWeights", "channelConvolution", "channelWinogradWeights",
           "channelWinogradConvolution", "channelScaleShift", "flatten", "flatDense", "flatSoftmax", "flatOutput"});
}

bool worksOnSamples(const std::string& op) { return !isForChannelsAlone(op); }

// Elementwise work, work on planes and the preparation of weights do not care what lanes are.
bool worksOnChannels(const std::string& op) {
  return isForChannelsAlone(op) ||
         isOneOf(op, {"maxPooling", "averagePooling", "resampling", "reframe", "activation", "add", "foldBatchNorm",
                      "batchNormScale", "multiply", "maximum", "scale", "copyRows", "mirror", "shift"});
}

}  // namespace

std::unique_ptr<Call> makeCall(const std::string& op, const CallSpec& spec, Element element) {
  static const auto& table = *new std::map<std::string, const OperatorFactories*>{
      {"gather", &gather},
      {"output", &output},
      {"packWeights", &packWeights},
      {"convolution", &convolution},
      {"convolutionDataGradient", &convolutionDataGradient},
      {"convolutionWeightGradient", &convolutionWeightGradient},
      {"dense", &dense},
      {"denseDataGradient", &denseDataGradient},
      {"denseWeightGradient", &denseWeightGradient},
      {"biasGradient", &biasGradient},
      {"reduceBlocks", &reduceBlocks},
      {"sumSamples", &sumSamples},
      {"maxPooling", &maxPooling},
      {"maxPoolingGradient", &maxPoolingGradient},
      {"activation", &activation},
      {"activationGradient", &activationGradient},
      {"softmax", &softmax},
      {"softmaxGradient", &softmaxGradient},
      {"softmaxCrossEntropy", &softmaxCrossEntropy},
      {"logSoftmax", &logSoftmax},
      {"logSoftmaxGradient", &logSoftmaxGradient},
      {"prelu", &prelu},
      {"preluGradient", &preluGradient},
      {"preluSlopeGradient", &preluSlopeGradient},
      {"sgd", &sgd},
      {"rmsprop", &rmsprop},
      {"adagrad", &adagrad},
      {"adadelta", &adadelta},
      {"adam", &adam},
      {"lion", &lion},
      {"muonMomentum", &muonMomentum},
      {"muonBegin", &muonBegin},
      {"outerProduct", &outerProduct},
      {"matrixProduct", &matrixProduct},
      {"muonStep", &muonStep},
      {"collectGradient", &collectGradient},
      {"gradientNorms", &gradientNorms},
      {"clipFactors", &clipFactors},
      {"averageWeights", &averageWeights},
      {"lookahead", &lookahead},
      {"winogradWeights", &winogradWeights},
      {"winogradConvolution", &winogradConvolution},
      {"winogradDataGradient", &winogradDataGradient},
      {"winogradWeightGradient", &winogradWeightGradient},
      {"pointwiseConvolution", &pointwiseConvolution},
      {"separableConvolution", &separableConvolution},
      {"pointwiseDataGradient", &pointwiseDataGradient},
      {"pointwiseWeightGradient", &pointwiseWeightGradient},
      {"reduceTaps", &reduceTaps},
      {"batchNormMoments", &batchNormMoments},
      {"batchNormStatistics", &batchNormStatistics},
      {"batchNormScale", &batchNormScale},
      {"scaleShift", &scaleShift},
      {"foldBatchNorm", &foldBatchNorm},
      {"batchNormGradientSums", &batchNormGradientSums},
      {"batchNormGradientStatistics", &batchNormGradientStatistics},
      {"batchNormGradient", &batchNormGradient},
      {"batchNormRunning", &batchNormRunning},
      {"averagePooling", &averagePooling},
      {"averagePoolingGradient", &averagePoolingGradient},
      {"splitRows", &splitRows},
      {"joinRows", &joinRows},
      {"mirror", &mirror},
      {"shift", &shift},
      {"shiftGradient", &shiftGradient},
      {"resampling", &resampling},
      {"resamplingGradient", &resamplingGradient},
      {"reframe", &reframe},
      {"add", &add},
      {"accumulate", &accumulate},
      {"groupNorm", &groupNorm},
      {"groupNormGradient", &groupNormGradient},
      {"groupNormGradientSums", &groupNormGradientSums},
      {"responseNorm", &responseNorm},
      {"responseNormGradient", &responseNormGradient},
      {"multiply", &multiply},
      {"maximum", &maximum},
      {"maximumGradient", &maximumGradient},
      {"scale", &scale},
      {"copyRows", &copyRows},
      {"permute", &permute},
      {"channelGather", &channelGather},
      {"channelWeights", &channelWeights},
      {"channelConvolution", &channelConvolution},
      {"channelWinogradWeights", &channelWinogradWeights},
      {"channelWinogradConvolution", &channelWinogradConvolution},
      {"channelScaleShift", &channelScaleShift},
      {"flatten", &flatten},
      {"flatDense", &flatDense},
      {"flatSoftmax", &flatSoftmax},
      {"flatOutput", &flatOutput},
      {"dropout", &dropout},
      {"dropoutGradient", &dropoutGradient},
      {"gaussianNoise", &gaussianNoise},
      {"penalty", &penalty},
      {"addPenalties", &addPenalties},
      {"penaltyGradient", &penaltyGradient},
      {"gatherTargets", &gatherTargets},
      {"oneHot", &oneHot},
      {"scaleTargets", &scaleTargets},
      {"augmentedGather", &augmentedGather},
      {"mixedLabels", &mixedLabels},
      {"mixedTargets", &mixedTargets},
      {"elementwiseLoss", &elementwiseLoss},
      {"crossEntropy", &crossEntropy},
      {"correctAnswers", &correctAnswers},
      {"linearLoss", &linearLoss},
  };
  const auto found = table.find(op);
  if (found == table.end()) spec.fail("expected the name of an operator, received this one");
  const bool channels = spec.program().samplesPerGroup == 1;
  if (!(channels ? worksOnChannels(op) : worksOnSamples(op))) {
    spec.fail(std::string("expected an operator for lanes of ") + (channels ? "channels" : "samples") +
              ", received this one");
  }
  return (element == Element::float64 ? found->second->makeDouble : found->second->makeFloat)(spec);
}

}  // namespace cnnative
