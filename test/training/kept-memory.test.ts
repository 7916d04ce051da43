import test from 'ava';
import { datasets, layers, optimizers, sequential } from '#lib/index.js';
import { isEmulated, isSanitized, runChild } from '../helpers/child.js';

// Of the 70 MB of a step.
const LEAST_STEP = 50e6;

// A sanitizer keeps what is freed for a while, and an emulator has memory of its own.
const testMemory = isSanitized || isEmulated ? test.skip : test;

testMemory('the memory of steps stays from epoch to epoch, but not for a validation, nor behind fit', async (t) => {
  const { code, stdout, stderr } = await runChild('kept-memory');
  t.is(code, 0, stderr);
  const { alone, validated, after } = JSON.parse(stdout) as { alone: number[]; validated: number[]; after: number };
  t.is(alone.length, 2);
  t.is(validated.length, 2);
  for (const bytes of alone) t.true(bytes - after > LEAST_STEP, stdout);
  for (const bytes of validated) t.true(bytes - after < LEAST_STEP / 2, stdout);
});

test('steps in memory that others have left give the same bits', async (t) => {
  const shape = [1, 8, 8];
  const images = Uint8Array.from({ length: 100 * 64 }, (_, i) => (i * 2654435761) >>> 24);
  const set = datasets.fromArrays({ images, labels: Int32Array.from({ length: 100 }, (_, i) => i % 2), shape });
  const options = { epochs: 2, batchSize: 24 };
  const [apart, together] = Array.from({ length: 2 }, () => {
    const model = sequential({ inputShape: [1, 8, 8], seed: 1 }, [
      layers.conv2d({ filters: 4, kernelSize: 3 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ]);
    model.compile({ optimizer: optimizers.sgd({ momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy' });
    return model;
  }) as [ReturnType<typeof sequential>, ReturnType<typeof sequential>];
  let steps = 0;
  // A run of its own for each step, of which the last of an epoch has a group less.
  await apart.fit(set, { ...options, callbacks: [{ onStep: () => void steps++ }] });
  await together.fit(set, options);
  t.is(steps, 10);
  t.deepEqual(await apart.getWeights(), await together.getWeights());
});
