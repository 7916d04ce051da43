import { availableParallelism } from 'node:os';
import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { checkThreads, chooseThreads } from '#lib/machine/threads.js';

const noFiles = (path: string): string => {
  throw new Error(`ENOENT: ${path}`);
};
const quota = (processors: number) => (path: string) =>
  path === '/proc/self/cgroup'
    ? '0::/\n'
    : path === '/sys/fs/cgroup/cpu.max'
      ? `${processors * 1e5} 100000`
      : noFiles(path);

test('takes the processors of this process', (t) => {
  const { threads, reason } = chooseThreads({}, noFiles);
  t.is(threads, availableParallelism());
  t.is(reason, 'processors of this process');
});

test('a quota below the processors lowers the threads, rounded up', (t) => {
  const { threads, reason } = chooseThreads({}, quota(0.3));
  t.is(threads, 1);
  if (availableParallelism() > 1) t.is(reason, 'cgroup quota of 0.3 processors');
});

test('a quota above the processors changes nothing', (t) => {
  t.is(chooseThreads({}, quota(1000)).threads, availableParallelism());
});

test('OMP_NUM_THREADS overrules processors and quota', (t) => {
  const { threads, reason } = chooseThreads({ OMP_NUM_THREADS: '5' }, quota(1));
  t.is(threads, 5);
  t.is(reason, 'OMP_NUM_THREADS');
});

test('the first number of a list in OMP_NUM_THREADS counts', (t) => {
  t.is(chooseThreads({ OMP_NUM_THREADS: ' 3 , 2' }, noFiles).threads, 3);
});

test('an empty OMP_NUM_THREADS counts as none', (t) => {
  t.is(chooseThreads({ OMP_NUM_THREADS: '' }, noFiles).threads, availableParallelism());
});

test('rejects an OMP_NUM_THREADS that is no number of threads', (t) => {
  for (const text of ['many', '0', '-2', '1.5', '4096', ',2']) {
    t.throws(() => chooseThreads({ OMP_NUM_THREADS: text }, noFiles), {
      instanceOf: InvalidArgumentError,
      message: /^OMP_NUM_THREADS: expected an integer from 1 to 1024 for threads, received /,
    });
  }
});

test('rejects what is no number of threads', (t) => {
  for (const value of [0, -1, 1.5, Number.NaN, 1025, '2', null, undefined, {}]) {
    t.throws(() => checkThreads('fit', value), {
      instanceOf: InvalidArgumentError,
      message: /^fit: expected an integer/,
    });
  }
  t.is(checkThreads('fit', 1024), 1024);
});
