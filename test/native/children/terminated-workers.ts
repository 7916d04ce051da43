// terminated-workers.js SEED COUNT: so many worker threads, three at a time, load the package and train, each terminated at a random
// moment of its life. Prints how many of them were still loading, in training, and at their end.
import { Worker } from 'node:worker_threads';
import { Philox } from '#lib/util/philox.js';
import { isSanitized } from '../../helpers/child.js';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';
import { fingerprint } from '../../helpers/trained.js';

const AT_ONCE = 3;
// As long as loading takes, or longer; a sanitizer slows training down far more than loading.
const EPOCHS = isSanitized ? 30 : 150;
const script = new URL('./worker-train.js', import.meta.url);

const [, , seed, count] = process.argv;
const random = new Philox(Number(seed));
const seen = { loading: 0, training: 0, ended: 0 };
let left = Number(count);
/** What the last worker thread that came to its end took for it, in milliseconds. */
let life = 0;

/** What the same training gives on this thread. */
async function here(): Promise<string> {
  const model = lenet5();
  await model.fit(goldenSet(64), { epochs: EPOCHS, batchSize: 16 });
  return fingerprint(model);
}

/** The life of a worker thread, cut off after so many milliseconds if it lasts that long. */
async function live(expected: string, end: number): Promise<void> {
  const begun = performance.now();
  const worker = new Worker(script, { workerData: { epochs: EPOCHS } });
  const messages: string[] = [];
  worker.on('message', (message) => messages.push(message));
  const exited = new Promise<number>((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  let isCutOff = false;
  const timer = setTimeout(() => {
    isCutOff = true;
    void worker.terminate();
  }, end);
  const code = await exited;
  clearTimeout(timer);
  const [training, weights] = messages;
  if (weights !== undefined && weights !== expected) throw new Error('other weights than on the main thread');
  if (!isCutOff && weights === undefined) throw new Error(`ended with exit code ${code} before it was done`);
  if (weights !== undefined) life = performance.now() - begun;
  // One that is terminated before it begins ends with 0, too; the last message of one that is terminated at its end may be lost.
  const isEnded = weights !== undefined || (training !== undefined && code === 0);
  seen[isEnded ? 'ended' : training === undefined ? 'loading' : 'training']++;
}

const expected = await here();
await live(expected, 2 ** 31 - 1);
seen.ended = 0;
async function lane(): Promise<void> {
  while (left-- > 0) await live(expected, random.nextFloat() * 2 * life);
}
await Promise.all(Array.from({ length: AT_ONCE }, lane));
if ((await here()) !== expected) throw new Error('other weights on the main thread than before');
console.log(JSON.stringify(seen));
