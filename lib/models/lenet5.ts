import { layers } from '../layers/index.js';
import type { InputOptions } from '../model/input.js';
import type { Model } from '../model/model.js';
import { sequential } from '../model/sequential.js';

export interface Lenet5Options {
  /**
   * Seed of the initial weights and of the order of samples.
   * @default 0
   */
  seed?: number;
  /**
   * Shape of the images and how their pixels are normalised.
   * @default MNIST's: `{ shape: [1, 28, 28], mean: 0.1307, std: 0.3081 }`
   */
  input?: InputOptions;
}

const MNIST_INPUT: InputOptions = { shape: [1, 28, 28], mean: 0.1307, std: 0.3081 };

/**
 * LeNet-5 for ten classes of images, by default 28x28 and grey (LeCun, Bottou, Bengio, Haffner: "Gradient-Based Learning Applied to
 * Document Recognition", 1998) with the parts of today: relu, max pooling, softmax. 61 706 parameters for
 * grey images of 28x28. Takes raw pixels, which it normalises.
 */
export function lenet5({ seed = 0, input = MNIST_INPUT }: Lenet5Options = {}): Model {
  return sequential({ input, seed }, [
    layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 120, activation: 'relu' }),
    layers.dense({ units: 84, activation: 'relu' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
}
