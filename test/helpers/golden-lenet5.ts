import { type Dataset, datasets, type Model } from 'cnnative';
import { draw, drawSigned } from './draw.js';

/** First weights of tools/fixtures/pytorch_lenet5.py, stated again. */
export function goldenWeights(model: Model): Record<string, Float32Array> {
  const weights: Record<string, Float32Array> = {};
  model.graph.nodes
    .filter((node) => node.parameters.length > 0)
    .forEach((node, layer) => {
      for (const { name, shape } of node.parameters) {
        const isBias = name.endsWith('/bias');
        const [outputs = 0, inputs = 0, ...taps] = shape;
        const limit = Math.sqrt(6 / ((outputs + inputs) * taps.reduce((a, b) => a * b, 1)));
        const length = shape.reduce((a, b) => a * b, 1);
        const scale = isBias ? 0.1 : limit;
        weights[name] = Float32Array.from({ length }, (_, i) => drawSigned(2 * layer + (isBias ? 1 : 0), i) * scale);
      }
    });
  return weights;
}

/** Its images and labels: every class has a pattern of its own, in squares of 4x4 pixels, under as much noise. */
export function goldenSet(size: number): Dataset {
  const labels = Int32Array.from({ length: size }, (_, i) => draw(100, i) % 10);
  const images = Uint8Array.from({ length: size * 784 }, (_, i) => {
    const pixel = i % 784;
    const square = Math.floor(Math.floor(pixel / 28) / 4) * 7 + Math.floor((pixel % 28) / 4);
    const label = labels[Math.floor(i / 784)] as number;
    return (draw(101, label * 49 + square) & 127) + (draw(102, i) & 127);
  });
  return datasets.fromArrays({ images, labels, shape: [1, 28, 28], classes: 10 });
}

/** What the fixture keeps of a tensor: its sum, that of its absolute values, and a sum weighted by position. */
export type Sums = [sum: number, absolute: number, weighted: number];

export function sums(values: Float32Array): Sums {
  const result: Sums = [0, 0, 0];
  values.forEach((value, i) => {
    result[0] += value;
    result[1] += Math.abs(value);
    result[2] += value * ((i % 7) - 3);
  });
  return result;
}
