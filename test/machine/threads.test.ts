import { availableParallelism } from 'node:os';
import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { chooseThreads } from '#lib/machine/threads.js';
import { runChild } from '../helpers/child.js';

const processors = availableParallelism();

/** Reads files from a table of their contents. */
function reader(files: Record<string, string>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  };
}

const noFiles = reader({});

test('the processors of the process are the threads', (t) => {
  t.deepEqual(chooseThreads({}, noFiles), { threads: processors, reason: 'processors of this process' });
});

test('OMP_NUM_THREADS overrules processors and quota', (t) => {
  const quota = reader({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '100000 100000\n' });
  for (const [text, threads] of [
    ['1', 1],
    ['7', 7],
    [' 3 ', 3],
    ['5,3,2', 5],
    ['08', 8],
    ['1024', 1024],
  ] as const) {
    t.deepEqual(chooseThreads({ OMP_NUM_THREADS: text }, quota), { threads, reason: 'OMP_NUM_THREADS' });
  }
  t.is(chooseThreads({ OMP_NUM_THREADS: '' }, noFiles).threads, processors);
});

test('rejects an OMP_NUM_THREADS that is no number of threads', (t) => {
  for (const text of ['0', '-1', '1.5', 'two', '1e3', '1025', ',2', '99999999999999999999']) {
    t.throws(() => chooseThreads({ OMP_NUM_THREADS: text }, noFiles), {
      instanceOf: InvalidArgumentError,
      message: /^OMP_NUM_THREADS: expected an integer from 1 to 1024 for threads, received /,
    });
  }
});

test('the environment is read in a process of its own', async (t) => {
  const { code, stdout } = await runChild('predict', { env: { OMP_NUM_THREADS: '3' } });
  t.is(code, 0);
  const { info } = JSON.parse(stdout);
  t.is(info.threads, 3);
  t.is(info.threadsReason, 'OMP_NUM_THREADS');
});

test('a quota below the processors lowers the threads, and says so', (t) => {
  // Half of a processor is below any machine's.
  const files = { '/proc/self/cgroup': '0::/app\n', '/sys/fs/cgroup/app/cpu.max': '50000 100000\n' };
  const choice = chooseThreads({}, reader(files));
  t.deepEqual(choice, processors > 1 ? { threads: 1, reason: 'cgroup quota of 0.5 processors' } : choice);
  t.is(choice.threads, 1);
});

test('part of a processor rounds up, so that no quota is left unused', (t) => {
  const quota = processors - 1 + 0.25;
  const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${quota * 100_000} 100000\n` };
  t.is(chooseThreads({}, reader(files)).threads, processors);
});

test('a quota above the processors changes nothing', (t) => {
  const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${(processors + 1) * 100_000} 100000\n` };
  t.deepEqual(chooseThreads({}, reader(files)), { threads: processors, reason: 'processors of this process' });
});
