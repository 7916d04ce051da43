#include "operators/registry.h"

#include <map>
#include <string>

#include "operators/operators.h"

namespace cnnative {

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
      {"sgd", &sgd},
      {"winogradWeights", &winogradWeights},
      {"winogradConvolution", &winogradConvolution},
      {"winogradDataGradient", &winogradDataGradient},
      {"winogradWeightGradient", &winogradWeightGradient},
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
      {"add", &add},
      {"accumulate", &accumulate},
  };
  const auto found = table.find(op);
  if (found == table.end()) spec.fail("expected the name of an operator, received this one");
  return (element == Element::float64 ? found->second->makeDouble : found->second->makeFloat)(spec);
}

}  // namespace cnnative
