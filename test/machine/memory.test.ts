import { totalmem } from 'node:os';
import test from 'ava';
import { layers, optimizers, sequential, TrainingError } from 'cnnative';
import { checkMemory, memoryLimit } from '#lib/machine/memory.js';
import { noise } from '../helpers/small.js';

test('the limit is at most the memory of the machine', (t) => {
  t.true(memoryLimit() > 0 && memoryLimit() <= totalmem());
});

test('what fits passes, what does not is refused with both sizes', (t) => {
  const GIB = 2 ** 30;
  t.notThrows(() => checkMemory('x', 'the weights', GIB, 'Use less.', GIB));
  t.throws(() => checkMemory('x', 'the weights', 2.5 * GIB, 'Use less.', GIB), {
    instanceOf: TrainingError,
    message:
      'x: expected the weights to fit into the memory of this machine (1.00 GiB), received the weights of 2.50 GiB. Use less.',
  });
});

test('a step larger than the machine is refused, and the model lives on', async (t) => {
  // Each map has 2^30 values a sample, sixteen samples side by side: 64 GiB. Training keeps them all.
  const MAP = 2 ** 36;
  const maps = Math.ceil(memoryLimit() / MAP) + 1;
  const wide = sequential({ inputShape: [1, 1, 1] }, [
    layers.conv2d({ filters: 2 ** 10, kernelSize: 1, padding: 511 }),
    ...Array.from({ length: maps }, () => layers.conv2d({ filters: 2 ** 10, kernelSize: 1 })),
    layers.maxPooling2d({ poolSize: 1023 }),
    layers.flatten(),
    layers.dense({ units: 2 }),
  ]);
  wide.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const set = noise(4, [1, 1, 1], 2);
  const refused = { instanceOf: TrainingError, message: /, the memory of this machine, .*batchSize/ };
  await t.throwsAsync(wide.fit(set), refused);
  if (memoryLimit() < MAP) {
    await t.throwsAsync(wide.evaluate(set), refused);
    await t.throwsAsync(wide.predict(new Uint8Array(16)), refused);
  }
  await t.notThrowsAsync(wide.getWeights());
});

test('weights larger than the machine are refused before they are made', (t) => {
  const giant = () => layers.dense({ units: 2 ** 15 - 1 });
  const chain = Array.from({ length: Math.ceil(memoryLimit() / 2 ** 32) + 2 }, giant);
  t.throws(() => sequential({ inputShape: [2 ** 15] }, chain), {
    instanceOf: TrainingError,
    message: /the weights to fit into the memory of this machine/,
  });
});
