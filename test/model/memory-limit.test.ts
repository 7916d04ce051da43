import test from 'ava';
import { type Dataset, info, layers, sequential, TrainingError } from 'cnnative';
import { Model } from '#lib/model/model.js';
import { isEmulated, isWatched, runChild } from '../helpers/child.js';
import { lenet5 } from '../helpers/lenet5.js';
import { noise } from '../helpers/small.js';

const set = noise(200, [1, 28, 28], 10);
const settings = { threads: 1 } as const;

/** The batch size that a refusal of `call` names. */
async function fittingSize(call: () => Promise<unknown>): Promise<number> {
  try {
    await call();
  } catch (error) {
    if (error instanceof TrainingError) return Number(/Use a batchSize of (\d+), which fits/.exec(error.message)?.[1]);
    throw error;
  }
  return 0;
}

type Call = (data: Dataset, batchSize: number, memoryLimit: number | string) => Promise<unknown>;

const training: Call = (data, batchSize, memoryLimit) => lenet5().fit(data, { ...settings, batchSize, memoryLimit });
const calls: Record<string, Call> = {
  fit: training,
  evaluate: (data, batchSize, memoryLimit) => lenet5().evaluate(data, { ...settings, batchSize, memoryLimit }),
  predict: (data, batchSize, memoryLimit) => lenet5().predict(data.images, { ...settings, batchSize, memoryLimit }),
};

for (const [name, call] of Object.entries(calls)) {
  test(`${name} refuses a batch above the limit and names one that fits`, async (t) => {
    await t.throwsAsync(call(set, 200, '2.5MB'), {
      instanceOf: TrainingError,
      message: new RegExp(
        `^model\\.${name}: expected a memory plan of at most 2\\.50 MB \\(2,500,000 bytes\\) for memoryLimit, ` +
          'received one of [\\d.]+ MB \\([\\d,]+ bytes\\) for a batchSize of 200 on 1 thread\\. Use a batchSize of \\d+,',
      ),
    });
    const size = await fittingSize(() => call(set, 200, '2.5MB'));
    t.true(size >= 16 && size < 200);
    await t.notThrowsAsync(call(set, size, '2.5MB'));
    t.is(await fittingSize(() => call(set, size + 1, '2.5MB')), size);
  });

  test(`${name} says what a batch of one takes where nothing fits`, async (t) => {
    await t.throwsAsync(call(set, 200, 1000), {
      instanceOf: TrainingError,
      message: /A batchSize of 1 takes [\d.]+ [kM]B \([\d,]+ bytes\)\. Use a smaller model/,
    });
  });
}

test('the limit is compared with the planned bytes exactly', async (t) => {
  const refusal = await t.throwsAsync(training(set, 64, 1));
  const [, digits = ''] = /received one of [\d.]+ MB \(([\d,]+) bytes/.exec(refusal?.message ?? '') ?? [];
  const planned = Number(digits.replaceAll(',', ''));
  t.true(planned > 1e6);
  await t.notThrowsAsync(training(set, 64, planned));
  await t.throwsAsync(training(set, 64, planned - 1), { message: /memoryLimit/ });
});

test('few samples are planned as the program for up to eight of them that runs', async (t) => {
  // Lanes of samples: the program for eight has places for more samples than that for one.
  const model = sequential({ inputShape: [8, 64, 64] }, [
    layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same' }),
    layers.groupNormalization({ groups: 2 }),
    layers.conv2dTranspose({ filters: 8, kernelSize: 3 }),
    layers.flatten(),
  ]);
  const runtime = Model.runtimeOf(model);
  const program = runtime.program('predict', 8, info().isa);
  const parameters = 4 * (8 * 8 * 9 + 64 / 4 + 64 / 4 + 64 / 4 + 8 * 8 * 9 + 64 / 4); // each begins at a multiple of 64 bytes
  const planned = program.native.arenaBytes(1) + parameters;
  const x = new Float32Array(8 * 64 * 64);
  await t.notThrowsAsync(model.predict(x, { ...settings, memoryLimit: planned }));
  await t.throwsAsync(model.predict(x, { ...settings, memoryLimit: planned - 1 }), {
    instanceOf: TrainingError,
    message: /for a batchSize of 1 on 1 thread\. A batchSize of 1 takes/,
  });
  const inMegabytes = (planned / 1e6).toPrecision(3);
  t.regex(
    model.summary({ batchSize: 1, phase: 'infer', threads: 1 }),
    new RegExp(`memory in total +│.* ${inMegabytes} MB`),
  );
});

test('validation under a limit takes steps no larger than those of training', async (t) => {
  const model = lenet5();
  const limit = 2_500_000;
  const batchSize = await fittingSize(() => model.fit(set, { ...settings, batchSize: 200, memoryLimit: limit }));
  const validated = model.fit(set, { ...settings, batchSize, validationData: set, memoryLimit: limit });
  await t.notThrowsAsync(validated);
});

test('a refusal leaves the model as it was', async (t) => {
  const model = lenet5();
  const before = await model.getWeights();
  await t.throwsAsync(model.fit(set, { memoryLimit: 1 }));
  t.deepEqual(await model.getWeights(), before);
  await t.notThrowsAsync(model.fit(set));
});

// An emulator keeps what it has translated, a sanitizer what was released.
const measured = isWatched || isEmulated || process.platform !== 'linux' ? test.skip : test;

measured('training cifarquick at batch 1000 stays within its plan', async (t) => {
  const { code, stdout, stderr } = await runChild('train-large');
  t.is(code, 0, stderr);
  const { planned, grown } = JSON.parse(stdout) as { planned: number; grown: number };
  // Three blocks rounded up to large pages of 2 MiB, and what JavaScript allocates meanwhile.
  const slack = 16 * 2 ** 20;
  t.log(`planned ${(planned / 1e6).toFixed(1)} MB, grown by ${(grown / 1e6).toFixed(1)} MB`);
  t.true(grown <= planned + slack);
  // The plan is no wild guess either.
  t.true(grown >= 0.8 * planned);
});
