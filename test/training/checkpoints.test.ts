import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  type Callback,
  CheckpointError,
  type CheckpointOptions,
  InvalidArgumentError,
  layers,
  type Model,
  optimizers,
  sequential,
  type Training,
  type TrainOptions,
} from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { Decay, pictures, resumableModel, train } from '../helpers/resumable.js';
import { seedOr } from '../helpers/seed.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const set = pictures(50);
const validationData = pictures(20, 1);
const base = { epochs: 3, batchSize: 16 } as const;
const nameOf = (step: number) => `checkpoint-${String(step).padStart(9, '0')}.safetensors`;

/** A folder with checkpoints of the steps given, of a training of 12. */
async function written(t: ExecutionContext, checkpoint: Partial<CheckpointOptions> = {}): Promise<string> {
  const folder = await temporaryFolder(t);
  await train(set, { ...base, checkpoint: { folder, everySteps: 2, keep: 3, ...checkpoint } });
  return folder;
}

test('the last are kept, each a complete file, and events tell of all', async (t) => {
  const folder = await temporaryFolder(t);
  const steps: number[] = [];
  for await (const event of resumableModel().train(set, { ...base, checkpoint: { folder, everySteps: 3, keep: 2 } })) {
    if (event.event !== 'checkpoint') continue;
    t.is(event.path, join(folder, nameOf(event.step)));
    t.is((await readFile(event.path)).readUInt8(8), '{'.charCodeAt(0));
    steps.push(event.step);
  }
  t.deepEqual(steps, [3, 6, 9, 12]);
  t.deepEqual(await readdir(folder), [nameOf(9), nameOf(12)]);
});

test('by default one is written after every epoch; everyEpochs and everyMinutes say otherwise', async (t) => {
  for (const [options, expected] of [
    [{}, [4, 8, 12]],
    [{ everyEpochs: 2 }, [8, 12]],
    // The last state is always kept.
    [{ everyEpochs: 100 }, [12]],
    [{ everyMinutes: 60 }, [12]],
    [{ everySteps: 7, everyEpochs: 1 }, [4, 7, 8, 12]],
  ] as const) {
    const folder = await written(t, { everySteps: undefined, keep: 100, ...options } as Partial<CheckpointOptions>);
    t.deepEqual(await readdir(folder), expected.map(nameOf), JSON.stringify(options));
  }
  // A step takes longer than everyMinutes, which is 6 ms.
  const slow: Callback[] = [{ onStep: () => new Promise((resolve) => setTimeout(resolve, 10)) }];
  const folder = await temporaryFolder(t);
  const checkpoint = { folder, everyMinutes: 0.0001, keep: 100 };
  const left = await train(set, { ...base, checkpoint, callbacks: slow });
  t.true((await readdir(folder)).length > 4);
  t.deepEqual(left, await train(set, base));
});

test('the best by a number is kept beside the last', async (t) => {
  for (const keepBest of ['valLoss', 'accuracy', 'valF1'] as const) {
    const folder = await temporaryFolder(t);
    const options = { epochs: 9, batchSize: 16, validationData };
    const { history } = await train(set, { ...options, checkpoint: { folder, keep: 1, everyEpochs: 1, keepBest } });
    const values = history[keepBest] as number[];
    const best = keepBest === 'valLoss' ? Math.min(...values) : Math.max(...values);
    const expected = new Set([(values.indexOf(best) + 1) * 4, 36]);
    t.deepEqual(await readdir(folder), [...expected].map(nameOf), `${keepBest}: ${values.join(' ')}`);
    // What was best is known after a resumption.
    await train(set, {
      ...options,
      epochs: 10,
      checkpoint: { folder, keep: 1, everyEpochs: 1, keepBest },
      resume: true,
    });
    const [first] = await readdir(folder);
    const last = (await train(set, { ...options, epochs: 10 })).history[keepBest]?.at(-1) as number;
    const better = keepBest === 'valLoss' ? last < best : last > best;
    t.is(first, nameOf(better ? 40 : (values.indexOf(best) + 1) * 4));
  }
});

test('a damaged checkpoint is passed over for the one before, with a word', async (t) => {
  const plain = await train(set, base);
  const random = new Philox(seedOr(5));
  const folder = await written(t);
  const whole = await readFile(join(folder, nameOf(12)));
  const damages: Buffer[] = [Buffer.alloc(0), whole.subarray(0, 7), whole.subarray(0, whole.length - 1)];
  for (let i = 0; i < 25; i++) {
    const flipped = Buffer.from(whole);
    // Half of them in the header, where everything has a meaning.
    const at = random.nextInt(i % 2 === 0 ? whole.length : 4000);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << random.nextInt(8));
    damages.push(flipped, whole.subarray(0, random.nextInt(whole.length)));
  }
  for (const damaged of damages) {
    await writeFile(join(folder, nameOf(12)), damaged);
    const errors: CheckpointError[] = [];
    const checkpoint = { folder, everySteps: 2, onError: (error: CheckpointError) => void errors.push(error) };
    t.deepEqual(await train(set, { ...base, checkpoint, resume: true }), plain);
    t.is(errors.length, 1);
    t.is(errors[0]?.path, join(folder, nameOf(12)));
    t.regex(errors[0]?.message ?? '', /expected a complete checkpoint in .*000012\.safetensors, received /);
    await rm(join(folder, `${nameOf(12)}.damaged`));
  }
  for (const name of await readdir(folder)) await writeFile(join(folder, name), 'nothing');
  await t.throwsAsync(train(set, { ...base, resume: folder }), {
    instanceOf: CheckpointError,
    message:
      /^model\.fit resume: expected a complete checkpoint in .*000012\.safetensors, received a damaged one: expected at least 8 bytes, received 7\.$/,
  });
});

test('what onError throws of a damaged checkpoint ends the training as it is', async (t) => {
  const folder = await written(t);
  const reason = new Error('no training without checkpoints');
  const failures: [(error: CheckpointError) => void | Promise<void>, (error: CheckpointError) => Error][] = [
    [() => Promise.reject(reason), () => reason],
    [async (error) => Promise.reject(error), (error) => error],
  ];
  for (const [fail, thrown] of failures) {
    // The newest each time: the one before is out of the way.
    const [newest = ''] = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).reverse();
    await writeFile(join(folder, newest), 'damaged');
    const told: CheckpointError[] = [];
    const onError = (error: CheckpointError) => {
      told.push(error);
      return fail(error);
    };
    const error = await t.throwsAsync(train(set, { ...base, checkpoint: { folder, onError }, resume: true }));
    t.is(told.length, 1);
    t.is(error, thrown(told[0] as CheckpointError));
  }
});

test('the training waits for onError', async (t) => {
  const folder = await temporaryFolder(t);
  const order: string[] = [];
  const onError = async () => {
    order.push('told');
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push('done');
  };
  const callbacks = [
    { onEpochBegin: () => rm(folder, { recursive: true, force: true }), onTrainEnd: () => void order.push('end') },
  ];
  await train(set, { ...base, epochs: 1, callbacks, checkpoint: { folder, onError } });
  t.deepEqual(order, ['told', 'done', 'end']);
});

test('a newer format is refused with its version', async (t) => {
  const folder = await written(t, { keep: 1 });
  const path = join(folder, nameOf(12));
  const text = (await readFile(path)).toString('latin1').replace('"formatVersion":"1"', '"formatVersion":"2"');
  await writeFile(path, text, 'latin1');
  await t.throwsAsync(train(set, { ...base, resume: folder }), {
    message: /format version "2"\. Read it with the version/,
  });
});

test('a half-written file of a killed process is removed, and nothing else', async (t) => {
  const folder = await written(t);
  await writeFile(join(folder, `${nameOf(14)}.0123456789ab.part`), 'half');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await train(set, { ...base, checkpoint: { folder, everySteps: 2 }, resume: true });
  t.deepEqual(await readdir(folder), [...[8, 10, 12].map(nameOf), 'notes.txt']);
});

test('a training that is refused leaves what another is writing', async (t) => {
  const folder = await written(t);
  const part = `${nameOf(14)}.0123456789ab.part`;
  await writeFile(join(folder, part), 'half');
  await t.throwsAsync(train(set, { ...base, checkpoint: { folder } }), { instanceOf: CheckpointError });
  t.true((await readdir(folder)).includes(part));
});

test('a checkpoint of another training is refused with what differs', async (t) => {
  const folder = await written(t);
  const other = (units: number) => {
    const model = sequential({ inputShape: [1, 6, 6], seed: 11 }, [layers.flatten(), layers.dense({ units })]);
    model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const recompiled = (
    optimizer: ReturnType<typeof optimizers.sgd>,
    loss = 'sparseCategoricalCrossentropy' as const,
  ) => {
    const model = resumableModel();
    model.compile({ optimizer, loss, metrics: ['accuracy', 'f1'] });
    return model;
  };
  const cases: [RegExp, Model, TrainOptions?, typeof set?][] = [
    [/expected layers as in the checkpoint/, other(3)],
    [
      /expected optimizer as in .*"momentum":0\.9.*received .*"momentum":0\.8/,
      recompiled(optimizers.sgd({ learningRate: 0.05, momentum: 0.8 })),
    ],
    [/expected samples as in .*, 50, received 49/, resumableModel(), {}, pictures(49)],
    [/expected batchSize as in .*, 16, received 10/, resumableModel(), { batchSize: 10 }],
    [/expected shuffle as in .*, true, received false/, resumableModel(), { shuffle: false }],
    [/expected sampling as in .*, "shuffle", received "replacement"/, resumableModel(), { sampling: 'replacement' }],
    [/expected lastBatch as in .*, "keep", received "drop"/, resumableModel(), { lastBatch: 'drop' }],
    [/expected stepsPerEpoch as in .*, 4, received 3/, resumableModel(), { stepsPerEpoch: 3 }],
    [/expected callbacks as in .*, \[\], received \["Decay"\]/, resumableModel(), { callbacks: [new Decay()] }],
  ];
  for (const [message, model, options, data = set] of cases) {
    const before = await model.getWeights();
    await t.throwsAsync(model.fit(data, { ...base, ...options, resume: folder }), {
      instanceOf: CheckpointError,
      message,
    });
    t.deepEqual(await model.getWeights(), before);
  }
});

test('nothing is written over: a folder with checkpoints is gone on from or refused', async (t) => {
  const folder = await written(t);
  const before = await readdir(folder);
  await t.throwsAsync(train(set, { ...base, checkpoint: { folder } }), {
    instanceOf: CheckpointError,
    message: /without checkpoints for folder, received .* with one of step 12\. Give resume: true/,
  });
  t.deepEqual(await readdir(folder), before);
  await t.throwsAsync(train(set, { ...base, resume: join(folder, 'none') }), {
    instanceOf: CheckpointError,
    message: /ENOENT/,
  });
  const empty = await temporaryFolder(t);
  await t.throwsAsync(train(set, { ...base, resume: empty }), { instanceOf: CheckpointError, message: /without any/ });
});

test('a folder that cannot be one is refused before training', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const model = resumableModel();
  for (const path of [file, join(file, 'below')]) {
    const error = await t.throwsAsync(model.fit(set, { ...base, checkpoint: { folder: path } }), {
      instanceOf: CheckpointError,
    });
    t.regex(
      error?.message ?? '',
      /model\.fit checkpoint: expected a folder that can be written to for folder, received E/,
    );
  }
  t.is((await model.fit(set, base)).epoch.length, 3);
});

test('a run folder deleted during training is told of, and training goes on', async (t) => {
  const parent = await temporaryFolder(t);
  const folder = join(parent, 'run');
  const errors: CheckpointError[] = [];
  const callbacks: Callback[] = [
    {
      onStep: async ({ step }) => {
        if (step === 5) await rm(folder, { recursive: true });
      },
    },
  ];
  const onError = (error: CheckpointError) => void errors.push(error);
  const left = await train(set, { ...base, callbacks, checkpoint: { folder, everySteps: 2, onError } });
  t.deepEqual(left, await train(set, base));
  t.deepEqual(
    errors.map(({ path }) => path),
    [6, 8, 10, 12].map((step) => join(folder, nameOf(step))),
  );
  t.regex(
    errors[0]?.message ?? '',
    /expected a folder with room that can be written to for .*000006\.safetensors, received ENOENT/,
  );
});

test('what onError throws ends the training; without it the process warns', async (t) => {
  const folder = await temporaryFolder(t);
  const gone = () => rm(folder, { recursive: true, force: true });
  const reason = new Error('no training without checkpoints');
  const model = resumableModel();
  const options = { ...base, callbacks: [{ onEpochBegin: gone }] };
  const throwing = () => {
    throw reason;
  };
  for (const onError of [throwing, () => Promise.reject(reason)]) {
    t.is(await t.throwsAsync(model.fit(set, { ...options, checkpoint: { folder, onError } })), reason);
  }
  t.is((await model.fit(set, base)).epoch.length, 3);
  const warnings: string[] = [];
  const listener = ({ name, message }: Error) => void warnings.push(`${name} ${message}`);
  process.on('warning', listener);
  t.teardown(() => void process.off('warning', listener));
  await train(set, { ...options, epochs: 1, checkpoint: { folder } });
  await new Promise((resolve) => setImmediate(resolve));
  const [warning = ''] = warnings.filter((text) => text.includes(folder));
  t.regex(warning, /^CheckpointWarning model\.fit checkpoint: .*ENOENT/);
});

test('the state of a callback must be plain data, and comes back exactly', async (t) => {
  const states = [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    -0,
    0.1,
    'text',
    null,
    [true, { deep: Float32Array.of(1, Number.NaN) }],
  ];
  const folder = await temporaryFolder(t);
  let restored: unknown;
  const callback: Callback = {
    state: () => states,
    restore: (state) => {
      restored = state;
    },
  };
  await train(set, { ...base, checkpoint: { folder }, callbacks: [callback] });
  await train(set, { ...base, resume: folder, callbacks: [callback] });
  t.deepEqual(restored, states);
  for (const state of [() => 1, new Map(), 1n]) {
    const options = { ...base, checkpoint: { folder: await temporaryFolder(t) }, callbacks: [{ state: () => state }] };
    await t.throwsAsync(train(set, options), {
      instanceOf: InvalidArgumentError,
      message: /expected plain data of state\(\)/,
    });
  }
});

test('rejects options that are none', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [checkpoint, message] of [
    [folder, /checkpoint/],
    [{}, /for folder, received undefined/],
    [{ folder, every: 1 }, /every/],
    [{ folder, everySteps: 0 }, /for everySteps, received 0/],
    [{ folder, everyEpochs: 1.5 }, /for everyEpochs/],
    [{ folder, everyMinutes: -1 }, /for everyMinutes/],
    [{ folder, keep: 0 }, /for keep, received 0/],
    [{ folder, keepBest: 'loss function' }, /for keepBest/],
    [{ folder, keepBest: 'valLoss' }, /for keepBest, received 'valLoss'\. Give validationData\./],
    [{ folder, keepBest: 'valAuc' }, /Compile the model with the metric auc\./],
    [{ folder, onAbort: 1 }, /for onAbort/],
    [{ folder, onError: true }, /for onError/],
  ] as const) {
    const fit = resumableModel().fit(set, { checkpoint: checkpoint as unknown as CheckpointOptions });
    await t.throwsAsync(fit, { instanceOf: InvalidArgumentError, message });
  }
  const fitWith = (options: object) => resumableModel().fit(set, options);
  await t.throwsAsync(fitWith({ resume: true }), {
    instanceOf: InvalidArgumentError,
    message: /checkpoint: \{ folder \}/,
  });
  await t.throwsAsync(fitWith({ resume: '' }), { instanceOf: InvalidArgumentError, message: /for resume/ });
  for (const resume of [1, null]) {
    await t.throwsAsync(fitWith({ resume }), { instanceOf: InvalidArgumentError, message: /for resume, received/ });
  }
  await t.throwsAsync(fitWith({ terminateOnNaN: 1 }), {
    instanceOf: InvalidArgumentError,
    message: /for terminateOnNaN/,
  });
});

test('a training that is stopped before its first epoch leaves a checkpoint too', async (t) => {
  const folder = await temporaryFolder(t);
  const callbacks = [{ onTrainBegin: (training: Training) => training.stop() }];
  await train(set, { ...base, callbacks, checkpoint: { folder } });
  t.deepEqual(await readdir(folder), ['checkpoint-000000000.safetensors']);
});
