// workers.js HOW ROUNDS: so many times over, a worker thread that loads the package and trains. Prints how many came to their end.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';
import { fingerprint } from '../../helpers/trained.js';

const [, , how, rounds] = process.argv;

interface WorkerEnd {
  readonly messages: string[];
  readonly error?: string;
  readonly exitCode: number;
}

async function work(data: object, terminateAfter?: number): Promise<WorkerEnd> {
  const worker = new Worker(new URL('./worker-train.js', import.meta.url), { workerData: data });
  const messages: string[] = [];
  const end: { error?: string } = {};
  worker.on('message', (message) => messages.push(message));
  worker.on('error', (error) => {
    end.error = error.message;
  });
  const exit = new Promise<number>((resolve) => worker.on('exit', resolve)); // once() would reject at an error
  if (terminateAfter !== undefined) {
    await once(worker, 'message');
    await sleep(terminateAfter);
    await worker.terminate();
  }
  return { messages, exitCode: await exit, ...end };
}

function expect(condition: boolean, what: unknown): void {
  if (!condition) throw new Error(`not as expected: ${JSON.stringify(what)}`);
}

/** What the same training gives on this thread. */
async function here(): Promise<string> {
  const model = lenet5();
  await model.fit(goldenSet(64), { epochs: 2, batchSize: 16 });
  return fingerprint(model);
}

for (let round = 0; round < Number(rounds); round++) {
  switch (how) {
    case 'end': {
      const end = await work({ epochs: 2 });
      expect(end.exitCode === 0 && end.messages.at(-1) === (await here()), end);
      break;
    }
    case 'terminate': {
      const end = await work({ epochs: 1_000_000 }, round * 3);
      expect(end.exitCode === 1 && end.messages.length === 1, end);
      break;
    }
    case 'two': {
      const ends = await Promise.all([work({ epochs: 2 }), work({ epochs: 2 }), here()]);
      expect(ends[0].messages.at(-1) === ends[2] && ends[1].messages.at(-1) === ends[2], ends);
      break;
    }
    case 'one-of-two': {
      const [first, second] = await Promise.all([work({ epochs: 2 }), work({ epochs: 1_000_000 }, round)]);
      expect(first.exitCode === 0 && first.messages.length === 2 && second.exitCode === 1, [first, second]);
      break;
    }
    case 'throws': {
      const end = await work({ epochs: 1_000_000, fails: 'throws' });
      expect(end.exitCode === 1 && end.error === 'on purpose', end);
      break;
    }
    case 'exits': {
      const end = await work({ epochs: 1_000_000, fails: 'exits' });
      expect(end.exitCode === 7 && end.error === undefined, end);
      break;
    }
    default:
      throw new Error('no such way');
  }
}
console.log(`${rounds} rounds`);
