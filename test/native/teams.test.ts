import test from 'ava';
import { isSanitized, runChild } from '../helpers/child.js';

// The thread sanitizer runs with another OpenMP runtime, as macOS does; Windows has no list of threads to read.
const listed = process.platform !== 'linux' || isSanitized ? test.skip : test;

listed('the process keeps one team of threads at most, and none with nothing to do', async (t) => {
  const { code, stdout, stderr } = await runChild('teams');
  t.is(code, 0, stderr);
  t.deepEqual(JSON.parse(stdout), [3, 3, 0]);
});
