import { readFileSync } from 'node:fs';
import test from 'ava';
import { info } from 'cnnative';

test('info tells version, instruction sets, threads and why', (t) => {
  const { isa, isaReason, isas, threads, threadsReason, ...rest } = info();
  t.deepEqual(rest, {
    version: JSON.parse(readFileSync('package.json', 'utf8')).version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  });
  t.true(isas.includes(isa));
  t.regex(isaReason, /^(best of this machine|CNNATIVE_ISA)$/);
  t.true(Number.isInteger(threads) && threads >= 1);
  t.regex(
    threadsReason,
    /^(processors of this process|affinity mask, \d+ of \d+ processors|cgroup quota of [\d.]+ processors|OMP_NUM_THREADS)$/,
  );
});
