import test, { type ExecutionContext } from 'ava';
import { type Ended, runChild } from '../helpers/child.js';
import { tries } from '../helpers/stress.js';

/** Races need many tries, at different moments. */
const RACE = tries(20, 100);
const FEW = tries(5, 25);

/** Runs a child some times, two at once; its argument counts the milliseconds up. */
async function manyTimes(
  t: ExecutionContext,
  times: number,
  how: string,
  check: (ended: Ended) => boolean,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < times) {
      const ended = await runChild('exit', { args: [how, String(next++ * 2)] });
      t.true(check(ended), JSON.stringify(ended));
    }
  };
  await Promise.all([lane(), lane()]);
}

test.serial('process.exit() ends a process in mid-training', async (t) => {
  await manyTimes(t, RACE, 'exit', ({ code }) => code === 7);
});

test.serial('process.exit() ends a process with trainings, evaluations and reads in the queue', async (t) => {
  await manyTimes(t, RACE, 'exit-at-work', ({ code }) => code === 7);
});

test.serial('process.exit() inside the loop over events ends a process', async (t) => {
  await manyTimes(t, RACE, 'exit-in-event', ({ code }) => code === 7);
});

test.serial('an uncaught error ends a process in mid-training with its message', async (t) => {
  await manyTimes(t, FEW, 'uncaught', ({ code, stderr }) => code === 1 && stderr.includes('on purpose'));
});

test.serial('an abort nobody waits for ends a process as any unhandled rejection', async (t) => {
  await manyTimes(t, FEW, 'unhandled', ({ code, stderr }) => code === 1 && stderr.includes('TimeoutError'));
});

for (const [how, what] of [
  ['idle', 'an idle model keeps no process alive'],
  ['unawaited', 'a training keeps the process alive until it is done, and no longer'],
  ['stopped', 'a stopped training keeps no process alive'],
] as const) {
  test.serial(what, async (t) => {
    await manyTimes(t, FEW, how, ({ code, stdout }) => code === 0 && stdout === 'last line\n');
  });
}
