import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { allowedProcessors } from '#lib/machine/processors.js';
import { explainThreads } from '#lib/machine/threads.js';

const status = (list: string) => () =>
  `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`;

test('counts the processors of the affinity mask', (t) => {
  for (const [list, count] of [
    ['0', 1],
    ['0-3', 4],
    ['0-3,8', 5],
    ['1,3,5', 3],
    ['0-63,128-191', 128],
  ] as const) {
    t.is(allowedProcessors(status(list)), count, list);
  }
});

test('asks Node where Linux does not say', (t) => {
  const none = () => {
    throw new Error('ENOENT');
  };
  for (const readFile of [none, () => '', status('(null)'), status('0-'), status('-1')]) {
    t.is(allowedProcessors(readFile), availableParallelism());
  }
});

test('says when the affinity mask leaves processors out', (t) => {
  const reason = 'processors of this process';
  t.is(explainThreads({ threads: 4, reason }, 4), reason);
  t.is(explainThreads({ threads: 3, reason }, 4), 'affinity mask, 3 of 4 processors');
  t.is(explainThreads({ threads: 1, reason: 'OMP_NUM_THREADS' }, 4), 'OMP_NUM_THREADS');
});

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

// A mask is narrowed where there is a command for it; on one processor there is nothing to narrow.
(hasTaskset && availableParallelism() > 1 ? test : test.skip)('taskset narrows the threads of a process', (t) => {
  const first = /\d+/.exec(
    spawnSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8' }).stdout.split(':')[1] ?? '',
  );
  const script = fileURLToPath(new URL('../native/children/predict.js', import.meta.url));
  const { OMP_NUM_THREADS: _, ...env } = process.env;
  const args = ['-c', first?.[0] ?? '0', process.execPath, script];
  const { stdout, stderr } = spawnSync('taskset', args, { encoding: 'utf8', env });
  t.is(stderr, '');
  const { info } = JSON.parse(stdout);
  t.is(info.threads, 1);
  t.regex(info.threadsReason, /^affinity mask, 1 of \d+ processors$/);
});
