import test from 'ava';
import { datasets, InvalidArgumentError, layers, loadModel, optimizers, sequential } from 'cnnative';
import { isClose } from '../helpers/closeness.js';
import { testGradients } from '../helpers/gradient-check.js';
import { testEachIsa } from '../helpers/isas.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

testEachIsa('a rescaling multiplies and adds, few samples as many, images as rows', async (t, isa) => {
  for (const inputShape of [[7], [3, 2, 5]]) {
    const model = sequential({ inputShape }, [layers.rescaling({ scale: -0.75, offset: 2 })]);
    t.deepEqual(model.outputShape, inputShape);
    const features = inputShape.reduce((product, size) => product * size, 1);
    for (const samples of [1, 19]) {
      const x = Float32Array.from({ length: samples * features }, (_, i) => Math.sin(i) * 3);
      const { data } = await model.predict(x, { isa });
      isClose(
        t,
        `${inputShape} ${samples}`,
        data,
        x.map((value) => -0.75 * value + 2),
        1e-6,
      );
    }
  }
});

testGradients(
  'gradients through rescalings match central differences',
  () => [
    {
      name: 'tempered logits of rescaled images',
      inputShape: [2, 4, 3],
      layers: [
        layers.rescaling({ scale: 2, offset: -0.5 }),
        layers.conv2d({ filters: 3, kernelSize: 2, activation: 'tanh' }),
        layers.rescaling({ scale: -0.5 }),
        layers.flatten(),
        layers.dense({ units: 4 }),
        layers.rescaling({ scale: 1 / 9 }),
      ],
      samples: 19,
    },
  ],
  91,
);

test('logits are read by the loss as they are rescaled, and saved models keep it', async (t) => {
  const folder = await temporaryFolder(t);
  const images = Float32Array.from({ length: 20 * 4 }, (_, i) => Math.sin(i * i));
  const set = datasets.fromArrays({
    images,
    labels: Array.from({ length: 20 }, (_, i) => i % 3),
    shape: [4],
    classes: 3,
  });
  const model = sequential({ inputShape: [4], seed: 2 }, [
    layers.dense({ units: 3, kernelInitializer: 'heNormal' }),
    layers.rescaling({ scale: 0.125, offset: 1 }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const { data } = await model.predict(images);
  let loss = 0;
  set.labels.forEach((label, i) => {
    const logits = data.subarray(3 * i, 3 * i + 3);
    loss += (Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)) - (logits[label] ?? 0)) / 20;
  });
  isClose(t, 'loss', [(await model.evaluate(set)).loss], [loss], 1e-5);
  await model.save(folder);
  t.deepEqual((await (await loadModel(folder)).predict(images)).data, data);
});

test('a rescaling takes finite numbers', (t) => {
  for (const [options, message] of [
    [{}, /for scale, received undefined/],
    [{ scale: Number.NaN }, /for scale, received NaN/],
    [{ scale: [1, 2] }, /for scale, received/],
    [{ scale: 1, offset: 1e300 }, /for offset, received 1e\+300/],
    [{ scale: 1, shift: 2 }, /received "shift"/],
  ] as const) {
    t.throws(() => layers.rescaling(options as never), { instanceOf: InvalidArgumentError, message });
  }
});
