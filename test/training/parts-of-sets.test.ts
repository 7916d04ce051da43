import test from 'ava';
import { augmentations, datasets, layers, optimizers, ShapeError, sequential } from 'cnnative';
import { noise } from '../helpers/small.js';

test('a part without the last classes of its set trains a model that has no outputs for them', async (t) => {
  const part = datasets.subset(noise(40, [1, 4, 4], 3), { classes: [0, 1] });
  const { images, labels, shape } = part;
  const copy = datasets.fromArrays({ images: images.slice(), labels: labels.slice(), shape });
  const twoClasses = () => {
    const network = sequential({ inputShape: [1, 4, 4], seed: 1 }, [layers.flatten(), layers.dense({ units: 2 })]);
    network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
    return network;
  };
  const [ofPart, ofCopy] = [twoClasses(), twoClasses()];
  for (const augment of [[], [augmentations.mixup()]]) {
    const options = { epochs: 2, batchSize: 8, augment };
    t.deepEqual((await ofPart.fit(part, options)).history, (await ofCopy.fit(copy, options)).history);
  }
  t.deepEqual(await ofPart.evaluate(part), await ofCopy.evaluate(copy));
});

test('pixels of a part that were transferred are missed by name', async (t) => {
  const part = datasets.subset(noise(40, [1, 4, 4], 3), { first: 10 });
  const { buffer } = part.images as Uint8Array<ArrayBuffer>;
  structuredClone(buffer, { transfer: [buffer] });
  const network = sequential({ inputShape: [1, 4, 4] }, [layers.flatten(), layers.dense({ units: 3 })]);
  network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await t.throwsAsync(network.fit(part), { instanceOf: ShapeError, message: /received 0 values for 10 samples/ });
});
