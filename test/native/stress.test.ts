import test from 'ava';
import type { IsaName, Model, TrainEventOptions, TrainingData } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { runChild } from '../helpers/child.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { isas } from '../helpers/isas.js';
import { lenet5 } from '../helpers/lenet5.js';
import { pictures, preparedModel } from '../helpers/prepared.js';
import { resumableModel, pictures as smallPictures } from '../helpers/resumable.js';
import { seed } from '../helpers/seed.js';
import { blobs, smallModel } from '../helpers/small.js';
import { tries } from '../helpers/stress.js';
import { type Trained, trained } from '../helpers/trained.js';

const WORKERS = tries(6, 50);
const PAIRS = tries(5, 100);

test.serial(`${WORKERS} worker threads load, train and are terminated at random moments`, async (t) => {
  const { code, signal, stdout, stderr } = await runChild('terminated-workers', {
    args: [String(seed), String(WORKERS)],
  });
  t.log(`seed ${seed}: ${stdout.trim()}`);
  t.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
  const { loading, training, ended } = JSON.parse(stdout);
  t.is(loading + training + ended, WORKERS);
  // Of a few, none may have been met in training.
  t.true(training > 0 || WORKERS < 50);
});

const networks: readonly [() => Model, TrainingData][] = [
  [() => lenet5(), goldenSet(100)],
  [() => preparedModel(), pictures],
  [() => resumableModel(), smallPictures(90)],
  [() => smallModel(), blobs(200)],
];

/** A network and a way to train it, drawn. */
function drawTraining(random: Philox): { text: string; run: () => Promise<Trained> } {
  const network = random.nextInt(networks.length);
  const [make, data] = networks[network] as (typeof networks)[number];
  const options: TrainEventOptions = {
    epochs: 1 + random.nextInt(4),
    // Batch norm takes no batch of one sample.
    batchSize: 2 + random.nextInt(60),
    lastBatch: 'drop',
    threads: 1 + random.nextInt(3),
    isa: isas[random.nextInt(isas.length)] as IsaName,
  };
  return { text: JSON.stringify({ network, ...options }), run: () => trained(make(), data, options) };
}

test.serial(`${PAIRS} times, two models drawn at random train at once and get the bits they get alone`, async (t) => {
  t.log(`seed ${seed}`);
  const random = new Philox(seed);
  for (let pair = 0; pair < PAIRS; pair++) {
    const [first, second] = [drawTraining(random), drawTraining(random)];
    const alone = [await first.run(), await second.run()];
    t.deepEqual(await Promise.all([first.run(), second.run()]), alone, `${first.text} beside ${second.text}`);
  }
});
