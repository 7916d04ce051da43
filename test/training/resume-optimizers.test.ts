import test from 'ava';
import { averages, callbacks, layers, type Model, type Optimizer, optimizers, schedules, sequential } from 'cnnative';
import { pictures, resumableModel } from '../helpers/resumable.js';
import { resumesFromAnywhere } from '../helpers/resumes.js';

// Epochs of three whole steps and a part, so that updates of accumulated gradients go across epochs.
const set = pictures(50);
const options = { epochs: 3, batchSize: 16, validationData: pictures(20, 1) } as const;
const ema = averages.ema({ decay: 0.8 });
const { oneCycle, cosineRestarts, warmUp, polynomial, triangular, sequential: inTurn } = schedules;

const OPTIMIZERS: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => optimizers.sgd({ learningRate: 0.1, weightDecay: 0.01 }),
  'nesterov, clipped by norm': () =>
    optimizers.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, clipNorm: 0.1 }),
  'rmsprop, clipped by value': () => optimizers.rmsprop({ momentum: 0.5, centered: true, clipValue: 0.01 }),
  'adagrad, clipped by global norm': () => optimizers.adagrad({ learningRateDecay: 0.1, globalClipNorm: 0.1 }),
  'adadelta, in two steps an update': () => optimizers.adadelta({ learningRate: 1, accumulate: 2 }),
  'adam with amsgrad, in three steps an update': () => optimizers.adam({ amsgrad: true, accumulate: 3 }),
  'adamw with a moving average': () => optimizers.adamw({ weightDecay: 0.1, average: ema }),
  'nadam with lookahead': () =>
    optimizers.nadam({ average: averages.lookahead({ steps: 2, alpha: { from: 1, to: 0.2, power: 3 } }) }),
  'lion, decoupled, with lookahead over accumulated updates': () =>
    optimizers.lion({ weightDecay: 0.1, accumulate: 2, average: averages.lookahead({ steps: 2 }) }),
  'muon, accumulated, clipped, averaged': () =>
    optimizers.muon({ learningRate: 0.02, accumulate: 3, globalClipNorm: 1, average: ema }),
  'adam in one cycle': () => optimizers.adam({ learningRate: oneCycle({ maxLearningRate: 0.05 }) }),
  'sgd with warm restarts': () =>
    optimizers.sgd({ learningRate: cosineRestarts({ learningRate: 0.1, t0: 1, tMult: 2 }), momentum: 0.9 }),
  'adam, warmed up': () =>
    optimizers.adam({ learningRate: warmUp({ schedule: polynomial({ learningRate: 0.05 }), duration: 1.5 }) }),
  'nadam with schedules in turn': () =>
    optimizers.nadam({
      learningRate: inTurn({
        schedules: [0.01, triangular({ baseLearningRate: 0.001, maxLearningRate: 0.02, stepSizeUp: 0.5 })],
        milestones: [1],
      }),
    }),
};

for (const [name, optimizer] of Object.entries(OPTIMIZERS)) {
  test(`a training with ${name} goes on to the same bits`, async (t) => {
    await resumesFromAnywhere(t, { data: () => set, options, make: () => resumableModel(optimizer()), stops: 4 });
  });
}

/** With frozen layers, one of them of batch statistics, and rates of layers. */
function partlyFrozen(): Model {
  const model = sequential({ inputShape: [1, 6, 6], seed: 11 }, [
    layers.conv2d({ filters: 5, kernelSize: 3, trainable: false }),
    layers.batchNormalization({ trainable: false }),
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', learningRateFactor: 0.1 }),
    layers.batchNormalization({ learningRateFactor: 3 }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]);
  const optimizer = optimizers.adamw({ learningRate: 0.01, accumulate: 2, average: ema, globalClipNorm: 1 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

test('a training with frozen layers and rates of layers goes on to the same bits', async (t) => {
  await resumesFromAnywhere(t, { data: () => set, options, make: partlyFrozen, stops: 4 });
});

test('a training that callbacks steer by averaged weights goes on to the same bits', async (t) => {
  await resumesFromAnywhere(t, {
    data: () => set,
    options: { ...options, epochs: 6 },
    make: () => resumableModel(optimizers.adam({ learningRate: 0.05, average: ema })),
    // The larger the loss the better: they act soon.
    callbacks: (folder) => [
      callbacks.reduceLROnPlateau({ monitor: 'valLoss', mode: 'max', patience: 1 }),
      callbacks.earlyStopping({ monitor: 'valLoss', mode: 'max', patience: 2, restoreBestWeights: true }),
      callbacks.modelCheckpoint({ path: `${folder}/best`, monitor: 'valLoss', saveBestOnly: true }),
    ],
    stops: 4,
  });
});
