import test from 'ava';
import {
  type AugmentOptions,
  augmentations,
  datasets,
  input,
  layers,
  type Model,
  model,
  optimizers,
  sequential,
} from 'cnnative';
import { noise } from '../helpers/small.js';
import { fingerprint, trained } from '../helpers/trained.js';

const SHAPE = [1, 8, 8];
const AUGMENT: AugmentOptions = {
  augment: [augmentations.randomCrop({ padding: 2, mode: 'reflect' }), augmentations.horizontalFlip()],
};

function small(learningRate = 0.1): Model {
  const made = sequential({ inputShape: SHAPE, seed: 5 }, [
    layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]);
  made.compile({
    optimizer: optimizers.sgd({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return made;
}

test('two fits see what one sees', async (t) => {
  const set = noise(30, SHAPE, 3);
  const once = await trained(small(), set, { ...AUGMENT, epochs: 4, batchSize: 8 });
  const twice = small();
  const first = await trained(twice, set, { ...AUGMENT, epochs: 1, batchSize: 8 });
  const second = await trained(twice, set, { ...AUGMENT, epochs: 3, batchSize: 8 });
  t.deepEqual([...first.losses, ...second.losses], once.losses);
  t.is(second.weights, once.weights);
});

test('plain data augment as the objects do, and other options make other programs', async (t) => {
  const set = noise(30, SHAPE, 3);
  const run = (model: Model, augment: AugmentOptions['augment']) =>
    trained(model, set, { batchSize: 8, ...(augment && { augment }) });
  const objects = await run(small(), AUGMENT.augment);
  t.deepEqual(
    await run(small(), [{ type: 'randomCrop', padding: 2, mode: 'reflect' }, { type: 'horizontalFlip' }]),
    objects,
  );
  // One model, whose programs are kept: without, with, and without augmentation again.
  const frozen = small(0);
  const plain = await run(frozen, undefined);
  const flipped = await run(frozen, [augmentations.horizontalFlip({ probability: 1 })]);
  const again = await run(frozen, []);
  t.not(flipped.losses[0], plain.losses[0]);
  const sum = (losses: number[]) => losses.reduce((total, loss, i) => total + loss * (i === 3 ? 6 : 8), 0);
  t.true(Math.abs(sum(again.losses) - sum(plain.losses)) < 1e-4);
});

test('training losses are those of the samples that preview shows', async (t) => {
  const bytes = Uint8Array.from({ length: 20 * 64 }, (_, i) => (i * 89) % 256);
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 3);
  const set = datasets.fromArrays({ images: bytes, labels, shape: SHAPE, classes: 3 });
  const augment = [
    augmentations.randomCrop({ padding: 2 }),
    augmentations.verticalFlip({ mode: 'alternating' }),
    augmentations.cutout({ size: 3, mode: 'constant', value: 99 }),
  ];
  const frozen = small(0);
  for (let epoch = 0; epoch < 2; epoch++) {
    const shown = await augmentations.preview(set, augment, { seed: 5, epoch });
    t.true(shown.images instanceof Uint8Array);
    const { loss } = await frozen.evaluate(shown);
    const { history } = await frozen.fit(set, { augment, batchSize: 20 });
    t.true(Math.abs((history.loss[0] as number) - loss) < 1e-6);
  }
});

test('evaluations and validation see samples as they are', async (t) => {
  const set = noise(30, SHAPE, 3);
  const frozen = small(0);
  const before = await frozen.evaluate(set);
  const { history } = await frozen.fit(set, {
    ...{ validationData: set, batchSize: 8 },
    augment: [augmentations.brightness({ factor: [5, 9] })],
  });
  t.is(history.valLoss?.[0], before.loss);
  t.not(history.loss[0], before.loss);
  t.deepEqual(await frozen.evaluate(set), before);
});

test('a subset trains as a copy of it does, without one', async (t) => {
  const set = noise(40, SHAPE, 3);
  const [part] = datasets.split(set, { fraction: 0.7, seed: 2 });
  const copy = { ...part };
  const options = { ...AUGMENT, epochs: 2, batchSize: 8, validationData: part };
  const [ofView, ofCopy] = [small(), small()];
  t.deepEqual(await trained(ofView, part, options), await trained(ofCopy, copy, options));
  t.deepEqual(await ofView.evaluate(part), await ofCopy.evaluate(copy));
  t.is(await fingerprint(ofView), await fingerprint(ofCopy));
});

test('configurations make the same augmentations again', (t) => {
  const all = [
    augmentations.randomCrop({ padding: [1, 2], mode: 'constant', value: [1] }),
    augmentations.horizontalFlip({ mode: 'alternating' }),
    augmentations.verticalFlip({ probability: 0.2 }),
    augmentations.rotation({ degrees: [-3, 5] }),
    augmentations.rotation({ degrees: 5 }),
    augmentations.shift({ pixels: 2, mode: 'edge' }),
    augmentations.shift({ fraction: [0.1, 0] }),
    augmentations.scale({ factor: [0.9, 1.1] }),
    augmentations.brightness({ factor: [0, 2] }),
    augmentations.contrast({ factor: [1, 2] }),
    augmentations.saturation({ factor: [1, 2], probability: 0.5 }),
    augmentations.cutout({ size: 2, mode: 'mean' }),
    augmentations.randomErasing({ size: [1, 2] }),
    augmentations.mixup(),
    augmentations.cutmix({ alpha: 2, probability: 0.5 }),
  ];
  for (const one of all) {
    const { type, ...options } = JSON.parse(JSON.stringify(one.config()));
    const make = augmentations[type as 'cutmix'];
    t.deepEqual(make(options).config(), one.config());
    t.is(make(options).probability, one.probability);
  }
});

test('options that do not suit are rejected by name', async (t) => {
  const made = small();
  const set = noise(8, SHAPE, 3);
  const rejects = async (augment: unknown, message: RegExp) => {
    await t.throwsAsync(made.fit(set, { augment } as AugmentOptions), { message });
  };
  await rejects({}, /model.fit: expected an array of augmentations for augment, received an object/);
  await rejects([5], /expected augmentations such as augmentations.horizontalFlip\(\).*received 5/);
  await rejects([{ type: 'crop' }], /expected one of 'randomCrop', .* for type of the augmentation, received "crop"/);
  await rejects([{ type: 'randomCrop', pad: 4 }], /augmentations.randomCrop: expected only the options padding/);
  await rejects([{ type: 'randomCrop', padding: 9 }], /padding of at most \[8, 8\] for images of 8x8/);
  await rejects([{ type: 'randomCrop', padding: 8, mode: 'reflect' }], /at most \[7, 7\].*mode: 'reflect'/);
  await rejects([{ type: 'shift', pixels: 9 }], /at most \[8, 8\] for pixels, received \[9, 9\]/);
  await rejects([{ type: 'cutout', size: 9 }], /at most 8 pixels for size/);
  await rejects(
    [{ type: 'cutout', size: 2, mode: 'constant', value: [1, 2] }],
    /or 1 \(one for each channel\), for value/,
  );
  await rejects([{ type: 'saturation', factor: [1, 2] }], /augmentations.saturation: expected images of 3 channels/);
  await rejects(new Array(257).fill({ type: 'horizontalFlip' }), /at most 256 augmentations/);
  const wrong = [
    [() => augmentations.randomCrop({ padding: -1 }), /integer from 0 .* for padding, received -1/],
    [
      () => augmentations.randomCrop({ padding: 1, value: 3 }),
      /expected mode: 'constant' beside value, received 'zero'/,
    ],
    [
      () => augmentations.randomCrop({ padding: 1, mode: 'constant' }),
      /for value beside mode: 'constant', received undefined/,
    ],
    [() => augmentations.cutout({ size: 2, mode: 'edge' as 'zero' }), /one of 'zero', 'mean', 'constant' for mode/],
    [() => augmentations.cutout({ size: [3, 2] }), /pixels from 1, or \[least, most\], for size, received \[3, 2\]/],
    [() => augmentations.horizontalFlip({ probability: 1.5 }), /from 0 to 1 for probability, received 1.5/],
    [
      () => augmentations.horizontalFlip({ mode: 'alternating', probability: 0.5 }),
      /no probability beside mode: 'alternating'/,
    ],
    [() => augmentations.rotation({ degrees: -5 }), /from 0 to 360 for degrees, received -5/],
    [() => augmentations.shift({}), /either pixels or fraction, received neither/],
    [() => augmentations.shift({ fraction: 2 }), /from 0 to 1 or \[height, width\] for fraction, received 2/],
    [() => augmentations.scale({ factor: [0, 1] }), /from 0.1 to 10, for factor, received \[0, 1\]/],
    [() => augmentations.brightness({ factor: 2 as never }), /\[least, most\].* for factor, received 2/],
    [() => augmentations.mixup({ alpha: 0 }), /above 0 for alpha, received 0/],
  ] as const;
  for (const [make, message] of wrong) t.throws(make, { message });
});

test('images whose targets are images stay at their places', async (t) => {
  const images = noise(8, SHAPE, 3).images as Uint8Array;
  const targets = Float32Array.from(images);
  const set = datasets.fromArrays({ images, shape: SHAPE, targets, targetShape: SHAPE });
  const maps = sequential({ inputShape: SHAPE }, [layers.conv2d({ filters: 1, kernelSize: 1 })]);
  maps.compile({ optimizer: optimizers.sgd({ learningRate: 1e-6 }), loss: 'meanSquaredError' });
  for (const type of ['randomCrop', 'horizontalFlip', 'verticalFlip', 'rotation', 'shift', 'scale']) {
    const options = {
      randomCrop: { padding: 1 },
      rotation: { degrees: 5 },
      shift: { pixels: 1 },
      scale: { factor: [1, 2] },
    };
    const augment = [{ type, ...options[type as keyof typeof options] }];
    await t.throwsAsync(maps.fit(set, { augment } as AugmentOptions), {
      message: new RegExp(`leave pixels at their places for targets of shape \\[1, 8, 8\\].*received ${type}`),
    });
  }
  await maps.fit(set, {
    augment: [augmentations.brightness({ factor: [0.9, 1.1] }), augmentations.cutout({ size: 2 })],
  });
  // A vector of targets belongs to the image wherever its pixels are.
  const means = datasets.fromArrays({ images, shape: SHAPE, targets: new Float32Array(8), targetShape: [1] });
  const vector = sequential({ inputShape: SHAPE }, [layers.flatten(), layers.dense({ units: 1 })]);
  vector.compile({ optimizer: optimizers.sgd({ learningRate: 1e-6 }), loss: 'meanSquaredError' });
  await t.notThrowsAsync(vector.fit(means, AUGMENT));
});

test('models of several inputs, or of no images, take no augmentation', async (t) => {
  const flat = sequential({ inputShape: [4] }, [layers.dense({ units: 2, activation: 'softmax' })]);
  flat.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await t.throwsAsync(flat.fit(noise(8, [4], 2), AUGMENT), {
    message: /shape \[channels, height, width\] for augment, received \[4\]/,
  });
  const [a, b] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
  const both = model({
    inputs: [a, b],
    outputs: layers.dense({ units: 2, activation: 'softmax' }).apply(layers.add().apply([a, b])),
  });
  both.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const images = [new Float32Array(8), new Float32Array(8)];
  const set = datasets.fromArrays({ images, labels: [0, 1, 0, 1], shape: [[2], [2]], classes: 2 });
  await t.throwsAsync(both.fit(set, AUGMENT), {
    message: /a single input for augment, received one with the inputs left, right/,
  });
});

test('a preview rejects what it cannot show', async (t) => {
  const set = noise(8, SHAPE, 3);
  await t.throwsAsync(augmentations.preview(set, [], { indices: [8] }), {
    message: /from 0 to 7 for indices, received 8 at place 0/,
  });
  await t.throwsAsync(augmentations.preview(set, [], { epoch: -1 }), { message: /at least 0 for epoch/ });
  await t.throwsAsync(augmentations.preview({} as typeof set, []), { message: /expected a dataset with labels/ });
  const shown = await augmentations.preview(set, [], { indices: [3, 3, 0] });
  t.deepEqual(shown.images.slice(0, 64), set.images.slice(3 * 64, 4 * 64));
  t.deepEqual(shown.images.slice(128), set.images.slice(0, 64));
  const filled = await augmentations.preview(
    datasets.fromArrays({ images: new Uint8Array(64), labels: [0], shape: SHAPE, classes: 1 }),
    [augmentations.cutout({ size: 8, mode: 'mean' })],
    { mean: 12 },
  );
  t.true(filled.images.includes(12));
});

test('scales joined until their factors are no numbers any more end in an error, not in a crash', async (t) => {
  const step = augmentations.scale({ factor: [0.1, 0.1] });
  const network = sequential({ inputShape: SHAPE }, [layers.flatten(), layers.dense({ units: 2 })]);
  network.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const bytes = datasets.fromArrays({
    images: new Uint8Array(16 * 64).fill(9),
    shape: SHAPE,
    labels: new Int32Array(16),
  });
  await t.throwsAsync(network.fit(bytes, { augment: Array.from({ length: 40 }, () => step) }), {
    message: /finite numbers/,
  });
});
