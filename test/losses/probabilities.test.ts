import test from 'ava';
import {
  datasets,
  InvalidArgumentError,
  type Layer,
  type Loss,
  layers,
  loadModel,
  losses,
  optimizers,
  sequential,
} from 'cnnative';
import { noise } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const SHAPE = [2, 3, 3];
const pixels = noise(20, SHAPE, 3);

function compiled(ends: readonly Layer[], loss: Loss | Loss['name']) {
  const network = sequential({ inputShape: SHAPE, seed: 1 }, [
    layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3, kernelInitializer: 'heUniform' }),
    ...ends,
  ]);
  network.compile({ optimizer: optimizers.sgd(), loss, metrics: ['accuracy'] });
  return network;
}

const vector = () => layers.flatten();
const targets = Float32Array.from({ length: 60 }, (_, i) => Number(i % 3 === pixels.labels[Math.floor(i / 3)]));
const { images, labels, shape } = pixels;
const set = datasets.fromArrays({ images, labels, shape, targets, targetShape: [3] });

for (const [loss, activation] of [
  ['sparseCategoricalCrossentropy', 'softmax'],
  ['sparseCategoricalCrossentropy', 'logSoftmax'],
  ['categoricalCrossentropy', 'softmax'],
  ['binaryCrossentropy', 'sigmoid'],
] as const) {
  test(`${loss} behind ${activation} is the same with a flatten or reshape after it`, async (t) => {
    const make = () => layers.activation({ activation });
    const expected = compiled([vector(), make()], loss);
    const result = await expected.evaluate(set);
    const logits = await compiled([vector()], loss).evaluate(set);
    t.is(result.loss, logits.loss);
    for (const ends of [
      [vector(), make(), layers.reshape({ targetShape: [3] })],
      [vector(), make(), layers.reshape({ targetShape: [3, 1, 1] }), vector()],
      ...(activation === 'sigmoid' ? [[make(), vector()]] : []),
    ]) {
      const network = compiled(ends, loss);
      t.deepEqual(await network.evaluate(set), result);
      t.deepEqual(
        (await network.fit(set, { epochs: 2 })).history,
        (await compiled([vector(), make()], loss).fit(set, { epochs: 2 })).history,
      );
    }
  });
}

test('probabilities that a loss would take for logits are refused, unless it is said what they are', (t) => {
  const refused = (ends: readonly Layer[], loss: Loss | Loss['name'], message: RegExp) =>
    t.throws(() => compiled(ends, loss), { instanceOf: InvalidArgumentError, message });
  const [softmax, sigmoid] = [
    layers.activation({ activation: 'softmax' }),
    layers.activation({ activation: 'sigmoid' }),
  ];
  refused(
    [vector(), softmax],
    'binaryCrossentropy',
    /model\.compile: .* loss binaryCrossentropy, received one that ends in softmax\. Use categoricalCrossentropy, or .*fromLogits: false/,
  );
  refused(
    [vector(), layers.activation({ activation: 'logSoftmax' })],
    'binaryCrossentropy',
    /ends in logSoftmax\. Use categoricalCrossentropy\.$/,
  );
  for (const name of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy', 'klDivergence'] as const) {
    refused([sigmoid, vector()], name, /ends in sigmoid\. Use binaryCrossentropy/);
    for (const fromLogits of [true, false]) {
      t.notThrows(() => compiled([vector(), sigmoid], losses[name]({ fromLogits })));
    }
  }
  t.notThrows(() => compiled([vector(), softmax], losses.binaryCrossentropy({ fromLogits: false })));
});

test('what was said of the outputs is saved with the loss', async (t) => {
  const pairs = [
    [layers.activation({ activation: 'sigmoid' }), losses.categoricalCrossentropy({ fromLogits: true })],
    [layers.softmax(), losses.binaryCrossentropy({ fromLogits: true })],
  ] as const;
  for (const [end, loss] of pairs) {
    const network = compiled([vector(), end], loss);
    const path = await temporaryFolder(t);
    await network.save(path);
    const again = await loadModel(path);
    t.deepEqual((await again.evaluate(set)).loss, (await network.evaluate(set)).loss);
  }
});
