import { createHash } from 'node:crypto';
import {
  type Callback,
  type Dataset,
  datasets,
  type HistoryRecord,
  layers,
  type Model,
  type Optimizer,
  optimizers,
  sequential,
  type TrainingData,
  type TrainOptions,
} from 'cnnative';
import { Model as ModelClass } from '#lib/model/model.js';
import { drawSigned } from './draw.js';

/** Random pictures with random labels of three classes. */
export function pictures(size: number, stream = 0): Dataset {
  return datasets.fromArrays({
    images: Float32Array.from({ length: size * 36 }, (_, i) => drawSigned(stream, i)),
    labels: Int32Array.from({ length: size }, (_, i) => Math.floor((drawSigned(stream + 100, i) + 1) * 1.5)),
    shape: [1, 6, 6],
    classes: 3,
  });
}

/** A network with all that a training keeps or draws: batch statistics, dropout, noise, the state of an optimizer. */
export function resumableModel(optimizer: Optimizer = optimizers.sgd({ learningRate: 0.05, momentum: 0.9 })): Model {
  const model = sequential({ inputShape: [1, 6, 6], seed: 11 }, [
    layers.conv2d({ filters: 5, kernelSize: 3 }),
    layers.batchNormalization(),
    layers.activation({ activation: 'relu' }),
    layers.gaussianNoise({ stddev: 0.1 }),
    layers.flatten(),
    layers.dropout({ rate: 0.3 }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]);
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy', 'f1'] });
  return model;
}

/** A callback with a state of its own, on which the learning rates depend. */
export class Decay implements Callback {
  best = Number.POSITIVE_INFINITY;
  seen = new Float32Array(3);

  onEpochEnd: NonNullable<Callback['onEpochEnd']> = (event, training) => {
    this.best = Math.min(this.best, event.loss);
    this.seen[event.epoch % 3] = event.loss;
    training.learningRateFactor = 1 / (1 + this.best + this.seen.reduce((sum, loss) => sum + loss, 0));
  };

  state() {
    return { best: this.best, seen: this.seen };
  }

  restore(state: unknown): void {
    Object.assign(this, state);
  }
}

/** All that a training leaves, to the bit: weights, what the optimizer keeps, counters, history. */
export interface Left {
  readonly stores: string;
  readonly counters: readonly number[];
  readonly history: HistoryRecord;
}

export async function leftBy(model: Model, history: HistoryRecord): Promise<Left> {
  const runtime = ModelClass.runtimeOf(model);
  const hash = createHash('sha256');
  for (const store of runtime.stores('train')) {
    for (const data of await store.read()) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return { stores: hash.digest('hex'), counters: [runtime.epochs, runtime.steps, runtime.updates], history };
}

/** A whole training with a new model. */
export async function train(data: TrainingData, options: TrainOptions, make = resumableModel): Promise<Left> {
  const model = make();
  const { history } = await model.fit(data, options);
  return leftBy(model, history);
}
