import test from 'ava';
import { info, layers, optimizers, sequential } from 'cnnative';
import { blobs } from '../helpers/small.js';

/** Softmax regression on points of the plane, in double: weights and biases of three classes after some steps. */
function reference(size: number, batchSize: number, epochs: number, rate: number, momentum: number): number[] {
  const { images, labels } = blobs(size);
  const w = [0.5, -0.25, 0.125, 0.75, -0.5, 0.25, 0, 0, 0]; // three rows of two weights, then three biases
  const v = new Array<number>(9).fill(0);
  for (let step = 0; step * batchSize < size * epochs; step++) {
    const first = (step * batchSize) % size;
    const g = new Array<number>(9).fill(0);
    for (let i = first; i < first + batchSize; i++) {
      const x = [images[2 * i] as number, images[2 * i + 1] as number] as const;
      const at = (k: number) => w[k] as number;
      const z = [0, 1, 2].map((k) => at(2 * k) * x[0] + at(2 * k + 1) * x[1] + at(6 + k));
      const sum = z.reduce((total, value) => total + Math.exp(value), 0);
      z.forEach((value, k) => {
        const d = (Math.exp(value) / sum - (labels[i] === k ? 1 : 0)) / batchSize;
        g[2 * k] = (g[2 * k] as number) + d * x[0];
        g[2 * k + 1] = (g[2 * k + 1] as number) + d * x[1];
        g[6 + k] = (g[6 + k] as number) + d;
      });
    }
    g.forEach((gradient, k) => {
      v[k] = momentum * (v[k] as number) + gradient;
      w[k] = (w[k] as number) - rate * (v[k] as number);
    });
  }
  return w;
}

for (const isa of info().isas) {
  for (const momentum of [0, 0.5, 0.9]) {
    test(`sgd with momentum ${momentum} moves weights as its formula says on ${isa}`, async (t) => {
      const model = sequential({ inputShape: [2] }, [layers.dense({ units: 3 })]);
      model.compile({
        optimizer: optimizers.sgd({ learningRate: 0.2, momentum }),
        loss: 'sparseCategoricalCrossentropy',
      });
      await model.setWeights({
        'dense/kernel': Float32Array.of(0.5, -0.25, 0.125, 0.75, -0.5, 0.25),
        'dense/bias': new Float32Array(3),
      });
      await model.fit(blobs(60), { batchSize: 20, epochs: 4, shuffle: false, isa });
      const weights = await model.getWeights();
      const received = [...(weights['dense/kernel']?.data ?? []), ...(weights['dense/bias']?.data ?? [])];
      const worst = Math.max(...reference(60, 20, 4, 0.2, momentum).map((w, i) => Math.abs(w - (received[i] ?? NaN))));
      t.true(worst < 1e-5, `${worst}`);
    });
  }
}
