import test from 'ava';
import { runChild } from '../helpers/child.js';
import { tries } from '../helpers/stress.js';

const ROUNDS = tries(10, 50);

const WAYS = {
  end: 'worker threads train, end and give the bits of the main thread',
  terminate: 'worker threads are terminated in mid-training',
  two: 'two worker threads and the main thread train at once',
  'one-of-two': 'a worker thread trains on while another is terminated',
  throws: 'an error in a worker thread in mid-training reaches the main thread',
  exits: 'process.exit() in a worker thread in mid-training ends that thread alone',
};

for (const [how, title] of Object.entries(WAYS)) {
  test.serial(`${title}, ${ROUNDS} times over`, async (t) => {
    const { code, signal, stdout, stderr } = await runChild('workers', { args: [how, String(ROUNDS)] });
    t.deepEqual({ code, signal, stdout, stderr }, { code: 0, signal: null, stdout: `${ROUNDS} rounds\n`, stderr: '' });
  });
}
