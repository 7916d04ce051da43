// Configurations that are right, and such that are not with what is said of them.

const SMALL = [
  { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
  { type: 'maxPooling2d' },
  { type: 'flatten' },
  { type: 'dense', units: 10, activation: 'softmax' },
];

export const RIGHT: Readonly<Record<string, object>> = {
  'a name of a data set alone': { data: 'digits' },
  'every part': {
    $schema: './node_modules/cnnative/schema/config.schema.json',
    name: 'small-1',
    data: { type: 'digits', train: 640, test: 100, seed: 3 },
    model: { layers: SMALL, input: { mean: [0.5], std: 0.5 } },
    optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.5 },
    loss: { type: 'sparseCategoricalCrossentropy', labelSmoothing: 0.1 },
    metrics: ['accuracy', { type: 'topK', k: 2 }],
    training: { epochs: 2, batchSize: 32, validation: false, shuffle: true, stepsPerEpoch: 5, logEvery: 2 },
    checkpoint: { everySteps: 10, everyMinutes: 0.5, keep: 2, keepBest: 'valLoss' },
    seed: 0,
    threads: 1,
    isa: 'scalar',
    memoryLimit: '512MB',
    out: 'runs/small',
  },
  'a network that branches': {
    data: 'mnist',
    model: {
      layers: [
        { type: 'conv2d', name: 'a', filters: 4, kernelSize: 3, padding: 'same' },
        { type: 'conv2d', name: 'b', filters: 4, kernelSize: [3, 3], padding: [1, 1, 1, 1], inputs: ['a'] },
        { type: 'add', inputs: ['a', 'b'] },
        { type: 'zeroPadding2d', padding: [1, 2] },
        { type: 'activation', activation: { type: 'leakyRelu', negativeSlope: 0.1 } },
        { type: 'flatten' },
        {
          type: 'dense',
          units: 10,
          kernelInitializer: { type: 'randomNormal', stddev: 0.1 },
          kernelRegularizer: { l2: 1e-4 },
        },
      ],
    },
  },
  'a frozen whitening kernel, and identities among random filters': {
    data: 'cifar10',
    model: {
      layers: [
        {
          type: 'conv2d',
          filters: 24,
          kernelSize: 2,
          kernelInitializer: { type: 'whitening', samples: 1000, epsilon: 0.001 },
          kernelTrainable: false,
        },
        {
          type: 'conv2d',
          filters: 64,
          kernelSize: 3,
          kernelInitializer: { type: 'dirac', rest: { type: 'heUniform', negativeSlope: 2.236 } },
        },
        { type: 'conv2d', filters: 24, kernelSize: 2, kernelInitializer: 'whitening' },
      ],
    },
  },
  'schedules within schedules, and callbacks': {
    data: 'digits',
    optimizer: {
      type: 'sgd',
      learningRate: {
        type: 'sequential',
        schedules: [0.1, { type: 'warmUp', schedule: { type: 'cosine', learningRate: 0.1 }, duration: 1 }],
        milestones: [2],
      },
    },
    callbacks: [
      { type: 'earlyStopping', monitor: 'valLoss', patience: 3, restoreBestWeights: true },
      { type: 'csvLogger', path: 'log.csv' },
      { type: 'tensorBoard', logDir: 'board', updateFreq: 'epoch' },
    ],
  },
  'augmentations and an averaged optimizer': {
    data: 'mnist',
    optimizer: { type: 'adamw', learningRate: 0.001, weightDecay: 0.01, average: { type: 'ema', decay: 0.99 } },
    augment: [
      { type: 'randomCrop', padding: 4, mode: 'reflect' },
      { type: 'horizontalFlip' },
      { type: 'rotation', degrees: [-5, 5] },
      { type: 'mixup', alpha: 0.2 },
    ],
    training: { lastBatch: 'drop', validationViews: { flip: true, shift: 1 } },
  },
  'slow weights that follow ever less': {
    data: 'digits',
    optimizer: { type: 'sgd', average: { type: 'lookahead', steps: 5, alpha: { from: 1, to: 0.2262, power: 3 } } },
  },
  'pictures in folders': { data: { type: 'imageFolder', dir: 'flowers', size: [32, 48], color: 'gray', fit: 'cover' } },
  'files of numbers': {
    data: {
      type: 'files',
      train: { images: 'a.npy', labels: 'b.npy' },
      test: { images: 'c.npy', labels: 'd.npy' },
      classNames: ['no', 'yes'],
      readAhead: '64MB',
    },
  },
  'no checkpoints': { data: { type: 'cifar10', dir: 'cifar', format: 'binary' }, checkpoint: false },
};

export const WRONG: readonly (readonly [unknown, string])[] = [
  [3, 'the configuration: expected an object, received 3.'],
  [
    {},
    "data: expected one of 'digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100' or an object, received nothing. Add it.",
  ],
  [
    { data: 'minst' },
    "data: expected one of 'digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100', 'imageFolder', 'files', received \"minst\". " +
      "Did you mean 'mnist'?",
  ],
  [
    { data: 'digits', optimizer: { type: 'sgd', learningRate: -1 } },
    'optimizer.learningRate: expected a number above 0 or an object, received -1.',
  ],
  [
    { data: 'digits', optimizer: { type: 'sgd', learningrate: 1 } },
    'optimizer.learningrate: expected only type, momentum, nesterov, learningRate, weightDecay, accumulate, average, clipValue, ' +
      "clipNorm, globalClipNorm, decoupled in optimizer, received 'learningrate'. Did you mean " +
      "'learningRate'?",
  ],
  [{ data: 'digits', training: { epochs: 1.5 } }, 'training.epochs: expected an integer of at least 1, received 1.5.'],
  [{ data: 'digits', training: [] }, 'training: expected an object, received [].'],
  [{ data: 'digits', training: { shuffle: 1 } }, 'training.shuffle: expected true or false, received 1.'],
  [
    { data: 'digits', isa: 'avx3' },
    "isa: expected one of 'scalar', 'avx2', 'avx512', 'neon', received \"avx3\". Did you mean 'avx2'?",
  ],
  [
    { data: 'digits', model: { layers: [{ type: 'flatten' }, { type: 'dense' }] } },
    'model.layers[1].units: expected an integer of at least 1 and at most 1048575, received nothing. Add it.',
  ],
  [{ data: 'digits', model: { layers: [] } }, 'model.layers: expected an array of at least 1, received one of 0.'],
  [
    { data: 'digits', model: { type: 'lenet6' } },
    "model.type: expected 'lenet5', received \"lenet6\". Did you mean 'lenet5'?",
  ],
  [
    { data: 'digits', model: { layers: [{ type: 'zeroPadding2d', padding: [1, 2, 3] }] } },
    'model.layers[0].padding: expected an integer of at least 0 and at most 1048575 or an array of 2 such integers or an array ' +
      'of 4 such integers, received [1, 2, 3].',
  ],
  [
    { data: 'digits', optimizer: { type: 'sgd', learningRate: { type: 'cosin', learningRate: 1 } } },
    "optimizer.learningRate.type: expected one of 'step', 'multiStep', 'exponential', 'polynomial', 'cosine', 'cosineRestarts', " +
      "'oneCycle', 'triangular', 'warmUp', 'sequential', received \"cosin\". Did you mean 'cosine'?",
  ],
  [
    { data: 'digits', callbacks: [{ type: 'csvLogger' }] },
    'callbacks[0].path: expected a text, received nothing. Add it.',
  ],
  [{ data: 'digits', checkpoint: true }, 'checkpoint: expected false or an object, received true.'],
  [{ data: 'digits', name: '..' }, 'name: expected a text such as letters, digits, _, . or -, received "..".'],
  [{ data: 'digits', name: 'a/b' }, 'name: expected a text such as letters, digits, _, . or -, received "a/b".'],
  [
    { data: { type: 'imageFolder', dir: 'flowers' } },
    'data.size: expected an integer of at least 1 or an array of 2 such integers, received nothing. Add it, such as "size": 64.',
  ],
  [
    { data: { type: 'files', train: { images: 'a.npy', label: 'b.npy' }, test: { images: 'c.npy', labels: 'd.npy' } } },
    "data.train.label: expected only images, labels in data.train, received 'label'. Did you mean 'labels'?",
  ],
  [{ data: { type: 'imageFolder' } }, 'data.dir: expected a text, received nothing. Add it, such as "dir": "flowers".'],
  [
    { data: 'imageFolder' },
    'data: expected an object for imageFolder, received its name alone. Write { "type": "imageFolder", "dir": "flowers", "size": 64 }.',
  ],
  [
    { data: 'files' },
    'data: expected an object for files, received its name alone. Write { "type": "files", "train": { "images": ' +
      '"train-images.npy", "labels": "train-labels.npy" }, "test": { "images": "test-images.npy", "labels": "test-labels.npy" } }.',
  ],
  [
    { data: 'imagefolder' },
    "data: expected one of 'digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100', 'imageFolder', 'files', received " +
      '"imagefolder". Did you mean \'imageFolder\'?',
  ],
  [
    { data: 'digits', optimizer: { type: 'sgd', learningRate: 'cosine' } },
    'optimizer.learningRate: expected an object for cosine, received its name alone. Write { "type": "cosine", "learningRate": 0.1 }.',
  ],
  [
    { data: 'digits', callbacks: ['terminateOnNaN'] },
    'callbacks[0]: expected an object for terminateOnNaN, received its name alone. Write { "type": "terminateOnNaN" }.',
  ],
  ...(['x', [1, 2, 3], 0, null] as const).map(
    (size) =>
      [
        { data: { type: 'imageFolder', dir: 'flowers', size } },
        'data.size: expected an integer of at least 1 or an array of 2 such integers, received ' +
          `${typeof size === 'string' ? '"x"' : Array.isArray(size) ? '[1, 2, 3]' : size}.`,
      ] as const,
  ),
  [
    { data: { type: 'imageFolder', dir: 'flowers', size: [64, -1] } },
    'data.size[1]: expected an integer of at least 1, received -1.',
  ],
  [
    { data: 'digits', model: { layers: [{ type: 'conv2d', filters: 4, kernelSize: 3, padding: 'sames' }] } },
    "model.layers[0].padding: expected one of 'valid', 'same', 'full' or an integer of at least 0 and at most 1048575 or an " +
      'array of 4 such integers, received "sames". Did you mean \'same\'?',
  ],
  [
    { data: 'digits', augment: [{ type: 'rotation', degrees: [1] }] },
    'augment[0].degrees: expected a number or an array of 2 such numbers, received [1].',
  ],
  [{ data: { type: 'digits', dir: 'x' } }, "data.dir: expected only type, seed, train, test in data, received 'dir'."],
];
