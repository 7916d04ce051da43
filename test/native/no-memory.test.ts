import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { isEmulated, isWatched } from '../helpers/child.js';
import { shell } from '../helpers/shell.js';

const limited = process.platform === 'linux' && !isWatched && !isEmulated ? test : test.skip;
const script = fileURLToPath(new URL('children/no-memory.js', import.meta.url));

limited('where the system has no memory left, weights and models are refused and the process lives on', async (t) => {
  const [command = '', ...args] = shell(`ulimit -v 1900000; exec '${process.execPath}' '${script}'`);
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(command, args, (error, out) => (error ? reject(error) : resolve(out)));
  });
  t.deepEqual(JSON.parse(stdout), { sequential: 'RangeError', getWeights: 'RangeError', setWeights: 'RangeError' });
});
