// Trains twice for two epochs, with steps of some 70 MB: without validation and with it. Prints the resident bytes between the epochs of
// each, and after both.
import { datasets, layers, optimizers, sequential } from 'cnnative';

const [size, batchSize, shape] = [256, 128, [1, 64, 64]];
const set = datasets.fromArrays({
  images: Uint8Array.from({ length: size * 64 * 64 }, (_, i) => (i * 2654435761) >>> 24),
  labels: Int32Array.from({ length: size }, (_, i) => i % 2),
  shape,
});
const model = sequential({ inputShape: [1, 64, 64] }, [
  layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same' }),
  layers.globalAveragePooling2d(),
  layers.dense({ units: 2 }),
]);
model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });

const between: Record<'alone' | 'validated', number[]> = { alone: [], validated: [] };
for (const kind of ['alone', 'validated'] as const) {
  const onEpochEnd = () => void between[kind].push(process.memoryUsage.rss());
  const validationData = kind === 'validated' ? { validationData: datasets.subset(set, { indices: [0, 1, 2] }) } : {};
  await model.fit(set, { epochs: 2, batchSize, callbacks: [{ onEpochEnd }], ...validationData });
}
console.log(JSON.stringify({ ...between, after: process.memoryUsage.rss() }));
