import test from 'ava';
import { layers, type Model, optimizers, sequential, TrainingError } from 'cnnative';
import { noise } from '../helpers/small.js';

// As in a container: what the process asks of the system from here on.
process.constrainedMemory = () => 400e6;

const UNITS = 4096;
const set = noise(4, [UNITS], 4);

/** Two layers of 67 MB each. */
function wide(): Model {
  const hidden = () => layers.dense({ units: UNITS, activation: 'relu' });
  return sequential({ inputShape: [UNITS] }, [hidden(), hidden(), layers.dense({ units: 4 })]);
}

const loss = 'sparseCategoricalCrossentropy';
const refused = (who: string) => ({
  instanceOf: TrainingError,
  message: new RegExp(`^${who}: expected .*the memory of this machine`),
});

test('a training whose weights, state and activations pass the memory together is refused', async (t) => {
  const model = wide();
  // Weights and momentum take 268 MB; gradients and packed weights do not fit beside them.
  model.compile({ optimizer: optimizers.sgd({ momentum: 0.9 }), loss });
  const { message } = (await t.throwsAsync(model.fit(set, { threads: 1 }), refused('model.fit'))) as Error;
  t.regex(message, /at most 400 MB \(400,000,000 bytes\), the memory of this machine, received one of/);
  t.regex(message, /A batchSize of 1 takes .* a machine with more memory\.$/);
  await t.throwsAsync(model.fit(set, { threads: 1, memoryLimit: '400MB' }), { message: /for memoryLimit/ });
  await t.notThrowsAsync(model.predict(new Float32Array(UNITS), { threads: 1 }));
});

test('a model is compiled and predicts where its optimizer could not train it', async (t) => {
  const model = wide();
  model.compile({ optimizer: optimizers.adam(), loss });
  await t.throwsAsync(model.fit(set, { threads: 1 }), refused('model.fit'));
  await t.notThrowsAsync(model.predict(new Float32Array(UNITS), { threads: 1 }));
});

/** Little but activations, 4 MB a sample. */
function deep(): Model {
  const conv = () => layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' });
  const model = sequential({ inputShape: [1, 256, 256] }, [
    conv(),
    layers.globalAveragePooling2d(),
    layers.dense({ units: 4 }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss });
  return model;
}

test('batches too large for the machine are refused with a size that fits, and validation with a way to smaller ones', async (t) => {
  const model = deep();
  const images = noise(128, [1, 256, 256], 4);
  const settings = { threads: 1 } as const;
  await t.throwsAsync(model.evaluate(images, settings), refused('model.evaluate'));
  const error = await t.throwsAsync(model.predict(images.images, settings), refused('model.predict'));
  const [, size] =
    /Use a batchSize of (\d+), which fits, or a machine with more memory\.$/.exec(error?.message ?? '') ?? [];
  await t.notThrowsAsync(model.predict(images.images, { ...settings, batchSize: Number(size) }));
  const fit = { ...settings, batchSize: 2, validationData: images };
  await t.throwsAsync(model.fit(noise(2, [1, 256, 256], 4), fit), {
    instanceOf: TrainingError,
    message:
      /^model\.fit validationData: .*Give a memoryLimit: validation then takes no more samples a step than training\.$/,
  });
});
