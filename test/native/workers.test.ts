import test from 'ava';
import { runChild } from '../helpers/child.js';

const WAYS = {
  end: 'worker threads train, end and give the bits of the main thread, ten times over',
  terminate: 'worker threads are terminated in mid-training, ten times over',
  two: 'two worker threads and the main thread train at once, ten times over',
  'one-of-two': 'a worker thread trains on while another is terminated, ten times over',
  throws: 'an error in a worker thread in mid-training reaches the main thread, ten times over',
  exits: 'process.exit() in a worker thread in mid-training ends that thread alone, ten times over',
};

for (const [how, title] of Object.entries(WAYS)) {
  test.serial(title, async (t) => {
    const { code, signal, stdout, stderr } = await runChild('workers', { args: [how] });
    t.deepEqual({ code, signal, stdout, stderr }, { code: 0, signal: null, stdout: '10 rounds\n', stderr: '' });
  });
}
