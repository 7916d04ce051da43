import test from 'ava';
import { InvalidArgumentError, layers, optimizers, sequential } from 'cnnative';
import { smallModel } from '../helpers/small.js';

/** Cells of every row, without those that are empty. */
function rowsOf(summary: string): Map<string, string[]> {
  const rows = summary.split('\n').filter((line) => line.includes('│'));
  return new Map(
    rows.map((line): [string, string[]] => {
      const [name = '', ...cells] = line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name, cells];
    }),
  );
}

// Dense layers 2 -> 8 -> 3 on 20 samples: two lane groups of 16 samples. Buffers begin at multiples of 64 bytes.
const PARAMETERS = 64 + 64 + 128 + 64; // 8x2, 8, 3x8, 3 values of 4 bytes
const PLANNED = 'planned: buffers in use at different times share memory';

test('the memory of predictions is what a small network needs by hand', (t) => {
  const rows = rowsOf(smallModel().summary({ batchSize: 20, phase: 'infer', threads: 1 }));
  // Samples x values x 4 bytes; the last layer has logits and a softmax of them.
  t.deepEqual(rows.get('input'), ['', '[2]', '', '256 B', '', '']);
  t.deepEqual(rows.get('dense'), ['dense', '[8]', '24', '1.02 kB', '', '64 B']);
  t.deepEqual(rows.get('dense_1'), ['dense', '[3]', '27', '768 B', '', '128 B']);
  t.deepEqual(rows.get('total'), ['51', '', '', '']);
  t.deepEqual(rows.get('without reuse'), ['2.05 kB', '0 B', '192 B']);
  // At most 8 + 3 values of a sample are in use at once.
  t.deepEqual(rows.get(PLANNED), ['1.41 kB', '192 B']);
  t.deepEqual(rows.get('parameters'), [`${PARAMETERS} B`]);
  t.deepEqual(rows.get('optimizer state'), ['0 B']);
  t.deepEqual(rows.get('memory in total'), ['1.92 kB']); // 32 x 11 x 4 + 192 + 320
  t.false(rows.has('output'));
});

test('the memory of training is what a small network needs by hand', (t) => {
  const model = smallModel({ sgd: { momentum: 0.9 } });
  const rows = rowsOf(model.summary({ batchSize: 20, threads: 1 }));
  t.deepEqual(rows.get('input'), ['', '[2]', '', '256 B', '', '']);
  // Packed kernel, its gradient, the bias's gradient and that in two blocks.
  t.deepEqual(rows.get('dense'), ['dense', '[8]', '24', '1.02 kB', '', '256 B']);
  t.deepEqual(rows.get('dense_1'), ['dense', '[3]', '27', '384 B', '1.02 kB', '384 B']);
  // A loss and a right or wrong for each sample, and the gradient of the logits.
  t.deepEqual(rows.get('loss'), ['', '', '', '256 B', '384 B', '']);
  t.deepEqual(rows.get('without reuse'), ['1.92 kB', '1.41 kB', '640 B']);
  // The gradient of the hidden layer goes where the logits were.
  t.deepEqual(rows.get(PLANNED), ['2.94 kB', '640 B']);
  t.deepEqual(rows.get('scratch of kernels, 1 thread'), ['2.05 kB']); // 32 samples x 16 features of the weight gradient
  t.deepEqual(rows.get('parameters'), [`${PARAMETERS} B`]);
  t.deepEqual(rows.get('optimizer state'), [`${PARAMETERS} B`]);
  t.deepEqual(rows.get('memory in total'), ['6.27 kB']); // 2944 + 640 + 2048 + 2 x 320
});

test('scratch is planned for every thread', (t) => {
  const model = smallModel();
  const rows = rowsOf(model.summary({ batchSize: 20, threads: 3 }));
  t.deepEqual(rows.get('scratch of kernels, 3 threads'), ['6.14 kB']);
  t.deepEqual(rows.get('optimizer state'), ['0 B']);
});

test('a training can be planned of compiled models only', (t) => {
  const model = sequential({ inputShape: [4] }, [layers.dense({ units: 2 })]);
  t.throws(() => model.summary({ batchSize: 8 }), {
    instanceOf: InvalidArgumentError,
    message: /^model\.summary: expected a compiled model, .*Call model\.compile/,
  });
  t.notThrows(() => model.summary({ batchSize: 8, phase: 'infer' }));
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  t.notThrows(() => model.summary({ batchSize: 8 }));
});

test('a plan larger than any memory is shown all the same', (t) => {
  const model = sequential({ inputShape: [1, 64, 64] }, [
    layers.conv2d({ filters: 1024, kernelSize: 3, padding: 'same' }),
    layers.flatten(),
  ]);
  // 2^20 samples of 2^22 values of 4 bytes: 16 TiB and more.
  const rows = rowsOf(model.summary({ batchSize: 2 ** 20, phase: 'infer', threads: 1 }));
  t.regex(rows.get('memory in total')?.[0] ?? '', /^17\.\d TB$/);
});

test('the lines of the summary with memory are equally long', (t) => {
  const lines = smallModel().summary({ batchSize: 1 }).split('\n');
  t.is(new Set(lines.map((line) => line.length)).size, 1);
});

test('predictions have no gradients, with transposed convolutions either', (t) => {
  const network = sequential({ inputShape: [2, 6, 6] }, [
    layers.conv2dTranspose({ filters: 3, kernelSize: 3 }),
    layers.conv2d({ filters: 2, kernelSize: 3 }),
  ]);
  const rows = rowsOf(network.summary({ batchSize: 32, phase: 'infer', threads: 1 }));
  t.is(rows.get('without reuse')?.[1], '0 B');
});
