import {
  datasets,
  type Loss,
  type LossName,
  layers,
  type Metric,
  type MetricName,
  type Model,
  optimizers,
  sequential,
} from 'cnnative';
import { drawSigned } from './draw.js';

/** Points of the plane with numbers to come close to: sine and product of their coordinates. */
export function curves(size: number, extra: { weights?: Float32Array } = {}) {
  const images = Float32Array.from({ length: size * 2 }, (_, i) => 2 * drawSigned(40, i));
  const targets = Float32Array.from({ length: size * 2 }, (_, i) => {
    const [a, b] = [images[i & ~1] as number, images[i | 1] as number];
    return i % 2 === 0 ? Math.sin(a) : 0.5 * a * b;
  });
  return datasets.fromArrays({ images, shape: [2], targets, targetShape: [2], ...extra });
}

/** A small network of dense layers from [2], compiled with a loss. */
export function modelFor(
  loss: LossName | Loss,
  {
    units = 2,
    activation = 'linear' as 'linear' | 'softmax' | 'sigmoid',
    metrics = [] as (MetricName | Metric)[],
    learningRate = 0.05,
  } = {},
): Model {
  const model = sequential({ inputShape: [2], seed: 3 }, [
    layers.dense({ units: 16, activation: 'tanh' }),
    layers.dense({ units, activation }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate, momentum: 0.9 }), loss, metrics });
  return model;
}
