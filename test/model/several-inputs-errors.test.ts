import test from 'ava';
import { CnnativeError, InvalidArgumentError, input, layers, model, ShapeError } from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { pictureAndRow, signs } from '../helpers/two-inputs.js';

/** Anything may be called with anything: types are for TypeScript's users alone. */
// biome-ignore lint/suspicious/noExplicitAny: this file is about values of the wrong type
type Anything = any;

test('model refuses inputs that are none, given twice, not read or missing', (t) => {
  const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
  const sum = layers.add().apply([a, b]);
  const good = { inputs: [a, b], outputs: sum };
  t.notThrows(() => model(good));
  const bad: [changes: object, message: RegExp][] = [
    ...[[], [a, sum], [a, null], [[a, b]], new Array(2), undefined, null, {}, 'a', [a, undefined]].map(
      (inputs) => [{ inputs }, /what input\(\) gave, or an array of such, for inputs, received /] as never,
    ),
    [{ inputs: [a, b, a] }, /each input once for inputs, received one of 3 again/],
    [{ inputs: a }, /own inputs, received one that reads another input/],
    [{ inputs: [a, b, input({ shape: [9], name: 'idle' })] }, /made of every input, received .*not read idle/],
    [{ outputs: b }, /what a layer's apply gave for outputs/],
    [{ outputs: [sum] }, /what a layer's apply gave for outputs/],
  ];
  for (const [changes, message] of bad) {
    t.throws(() => model({ ...good, ...changes } as Anything), { instanceOf: InvalidArgumentError, message });
  }
});

test('predict refuses samples that do not fit the inputs', async (t) => {
  const network = pictureAndRow();
  const [pixels, rows] = signs(5).images as [Uint8Array, Float32Array];
  const count = /samples for each input \(picture, row\), received .*\. Give as many as inputs/;
  for (const samples of [pixels, [pixels], [pixels, rows, rows], [], [1, 2, 3], [[1], [2]], null, undefined, {}]) {
    await t.throwsAsync(network.predict(samples as Anything), { instanceOf: ShapeError, message: count });
  }
  for (const part of [null, undefined, [1, 2, 3], 'row', {}, new Float64Array(15), new DataView(new ArrayBuffer(60))]) {
    const message = /a Uint8Array, a Float32Array .* for row, received /;
    await t.throwsAsync(network.predict([pixels, part] as Anything), { instanceOf: InvalidArgumentError, message });
  }
  const whole = /whole samples of 3 values \(\[3\]\) for row, received 14 values/;
  await t.throwsAsync(network.predict([pixels, rows.subarray(1)]), { instanceOf: ShapeError, message: whole });
  const fewer = /as many samples for row as for picture, 5, received 4/;
  await t.throwsAsync(network.predict([pixels, rows.subarray(3)]), { instanceOf: ShapeError, message: fewer });
  await t.throwsAsync(network.predict([rows, pixels]), {
    instanceOf: ShapeError,
    message: /\[1, 2, 2\]\) for picture/,
  });
  await t.throwsAsync(smallModel().predict([rows, rows]), {
    instanceOf: ShapeError,
    message: /each input \(input\), received an array of 2/,
  });
  t.deepEqual((await network.predict([new Uint8Array(0), new Float32Array(0)])).shape, [0, 4]);
});

test('training and evaluation refuse datasets that do not fit the inputs', async (t) => {
  const network = pictureAndRow();
  const set = signs(6);
  const [pixels, rows] = set.images as [Uint8Array, Float32Array];
  const cases: [data: Anything, message: RegExp][] = [
    [blobs(6), /a dataset with a part for each input \(picture, row\), received one of 1 parts\. Give /],
    [{ ...set, images: [pixels], shape: [[1, 2, 2]] }, /each input .*received one of 1 parts/],
    [{ ...set, images: [pixels, rows, rows], shape: [...set.shape, [3]] }, /each input .*received one of 3 parts/],
    [{ ...set, images: [], shape: [] }, /each input .*received one of 0 parts/],
    [{ ...set, shape: [[1, 2, 2], [4]] }, /samples of shape \[3\] for row, received \[4\]/],
    [{ ...set, shape: [[4], [3]] }, /samples of shape \[1, 2, 2\] for picture, received \[4\]/],
    [{ ...set, images: [rows, pixels] }, /4 values for picture .* received 18 values for 6 samples/],
    [{ ...set, images: [pixels, rows.subarray(3)] }, /3 values for row .* received 15 values for 6 samples/],
    [{ ...set, labels: new Int32Array(5) }, /5 labels for 6 samples/],
    [{ ...set, labels: new Int32Array(6).fill(4) }, /labels from 0 to 3/],
    ...[
      { images: [pixels, [...rows]] },
      { images: [pixels, null] },
      { images: [pixels, new Float64Array(18)] },
      { images: [pixels, rows, rows] },
      { images: [pixels] },
      { images: new Array(2) },
      { images: pixels },
      { images: null },
      { shape: [[1, 2, 2], 3] },
      { shape: [[1, 2, 2]] },
      { shape: [3] },
      { shape: null },
      { labels: [0] },
    ].map(
      (changes) => [{ ...set, ...changes }, /expected a dataset, received|samples of shape|one of 1 parts/] as never,
    ),
  ];
  for (const [data, message] of cases) {
    await t.throwsAsync(network.fit(data), { instanceOf: CnnativeError, message });
    await t.throwsAsync(network.evaluate(data), { message });
    await t.throwsAsync(network.fit(set, { validationData: data }), { message });
  }
  await t.throwsAsync(smallModel().fit(set), {
    instanceOf: ShapeError,
    message: /each input \(input\), received one of 2 parts/,
  });
});
