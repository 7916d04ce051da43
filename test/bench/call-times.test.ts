import test from 'ava';
import { layers } from 'cnnative';
import { callTimes } from '#lib/bench/call-times.js';

test('times every call of a step, and gives them all of the time of a step together', async (t) => {
  const { calls, peak, busy } = await callTimes({
    inputShape: [2, 6, 6],
    build: (input) => layers.conv2d({ filters: 3, kernelSize: 3, useBias: false, name: 'measured' }).apply(input),
    batchSize: 33,
    seconds: 0.01,
    threads: 1,
    isa: 'scalar',
  });
  const measured = calls.filter(({ layer, phase }) => layer === 'measured' && phase === 'compute');
  t.deepEqual(measured.map(({ op }) => op).sort(), [
    'convolution',
    'convolutionDataGradient',
    'convolutionWeightGradient',
    'reduceBlocks',
  ]);
  t.true(measured.every(({ seconds }) => seconds > 0));
  t.true(calls.every(({ phase, seconds }) => phase !== 'prepare' || seconds === 0));
  t.true(peak > 0);
  t.true(busy > 0 && busy <= 1, `${busy}`);
});
