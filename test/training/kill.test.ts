import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { Philox } from '#lib/util/philox.js';
import { runTraining, trainingCommand } from '../helpers/checkpointed.js';
import { seed } from '../helpers/seed.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** `npm run test:kill` sets more. */
const KILLS = Number(process.env.CNNATIVE_TEST_KILLS ?? 3);

test(`a training killed at ${KILLS} moments and resumed leaves the same bits as one never stopped`, async (t) => {
  t.log(`seed ${seed}`);
  const random = new Philox(seed);
  const whole = await runTraining(trainingCommand(await temporaryFolder(t), 2));
  t.is(whole.code, 0, whole.stderr);
  const folder = await temporaryFolder(t);
  const stales: number[] = [];
  for (let kill = 0, late = 0; kill < KILLS; kill++) {
    // After some steps, and a moment that falls anywhere in steps, writes and validation.
    const lines = 1 + random.nextInt(Math.floor(100 / KILLS));
    const delay = random.nextInt(12);
    const { signal, code, stderr } = await runTraining(trainingCommand(folder, 1 + (kill % 3)), (count, end) => {
      if (count === lines) setTimeout(end, delay);
    });
    if (code === 0 && late < 5 * KILLS) {
      // It had come to its end before we got to kill it: from the beginning, and this kill again.
      late++;
      kill--;
      for (const name of await readdir(folder)) await rm(join(folder, name));
      continue;
    }
    t.is(signal, 'SIGKILL', stderr);
    const left = await readdir(folder);
    stales.push(left.filter((name) => name.endsWith('.part')).length);
  }
  t.log(`half-written files left by each kill: ${stales.join(' ')}`);
  const resumed = await runTraining(trainingCommand(folder, 2));
  t.is(resumed.code, 0, resumed.stderr);
  t.deepEqual(resumed.lines.at(-1), whole.lines.at(-1));
  t.true((await readdir(folder)).every((name) => name.endsWith('.safetensors')));
});
