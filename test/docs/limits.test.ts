import test from 'ava';
import { datasets, InvalidArgumentError, input, layers, model, optimizers, ShapeError, sequential } from 'cnnative';

const optimizer = optimizers.sgd({ learningRate: 0.1 });

function pixelModel(activation: 'linear' | 'sigmoid') {
  const convolution = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation });
  return sequential({ inputShape: [1, 4, 4], seed: 1 }, [convolution]);
}

test('what the README says is not there yet is refused', (t) => {
  const classes = { instanceOf: ShapeError, message: /\[classes\]/ };
  t.throws(() => layers.softmax().apply(input({ shape: [3, 4, 4] })), classes);
  for (const loss of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const) {
    t.throws(() => pixelModel('linear').compile({ optimizer, loss }), classes);
  }
  const refused = { instanceOf: InvalidArgumentError };
  t.throws(() => sequential({ inputShape: [1, 4, 4] }, [pixelModel('linear') as never]), refused);
  const own = (() => 0) as never;
  t.throws(() => pixelModel('linear').compile({ optimizer, loss: own }), refused);
  t.throws(() => pixelModel('linear').compile({ optimizer, loss: 'huber', metrics: [own] }), refused);
});

test('a yes or no for each channel of each pixel is learnt, as the README says', async (t) => {
  const images = Float32Array.from({ length: 32 * 16 }, (_, i) => Math.sin(i * i));
  const yes = (pixel: number, channel: number) => Number(pixel > (channel - 1) / 2);
  const targets = Float32Array.from({ length: 32 * 48 }, (_, i) =>
    yes(images[Math.floor(i / 48) * 16 + (i % 16)] as number, Math.floor((i % 48) / 16)),
  );
  const set = datasets.fromArrays({ images, targets, targetShape: [3, 4, 4], shape: [1, 4, 4] });
  const network = pixelModel('sigmoid');
  network.compile({
    optimizer: optimizers.adam({ learningRate: 0.05 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  await network.fit(set, { epochs: 60, batchSize: 8 });
  t.true(((await network.evaluate(set)).accuracy as number) > 0.9);
});

test('signals are images of one row, and a difference is a sum, as docs/layers.md says', async (t) => {
  const kernel = { data: Float32Array.of(1, 2, 3), shape: [1, 1, 1, 3] };
  const signal = sequential({ inputShape: [1, 1, 6] }, [
    layers.conv2d({ filters: 1, kernelSize: [1, 3], strides: [1, 2], padding: 'same', useBias: false }),
    layers.maxPooling2d({ poolSize: [1, 2] }),
  ]);
  await signal.setWeights({ 'conv2d/kernel': kernel });
  // Windows from 0, 2 and 4, the last with a zero behind: 7, 3, 10; of these a pool takes the first two.
  const { data, shape } = await signal.predict(Float32Array.of(1, 0, 2, 2, -1, 3));
  t.deepEqual(shape, [1, 1, 1, 1]);
  t.deepEqual([...data], [7]);

  const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [3], name: 'b' })];
  const outputs = layers.add().apply([a, layers.rescaling({ scale: -1 }).apply(b)]);
  const difference = model({ inputs: [a, b], outputs });
  const found = await difference.predict([Float32Array.of(1, 2, 3), Float32Array.of(3, 5, 7)]);
  t.deepEqual([...found.data], [-2, -3, -4]);
});
