import test from 'ava';
import { InvalidArgumentError, type Layer, layers, ShapeError, sequential } from 'cnnative';

type Make = (options: never) => Layer;

/** Option values that no layer takes, and what the error must say. */
const ILLEGAL: readonly (readonly [Make, object, RegExp])[] = [
  [layers.maxPooling2d, { poolSize: 0 }, /maxPooling2d: expected .* for poolSize, received 0/],
  [layers.maxPooling2d, { dilation: 0 }, /expected an integer from 1 .* for dilation, received 0/],
  [layers.maxPooling2d, { dilation: [1, 2, 3] }, /for dilation, received \[1, 2, 3\]/],
  [layers.maxPooling2d, { ceilMode: 1 }, /expected true or false for ceilMode, received 1/],
  [layers.maxPooling2d, { countIncludePad: true }, /expected only the options .*received "countIncludePad"/],
  [layers.maxPooling2d, { padding: -1 }, /for padding, received -1/],
  [layers.averagePooling2d, { ceilMode: 'yes' }, /expected true or false for ceilMode, received "yes"/],
  [layers.averagePooling2d, { countIncludePad: null }, /expected true or false for countIncludePad, received null/],
  [layers.averagePooling2d, { dilation: 2 }, /expected only the options .*received "dilation"/],
  [layers.averagePooling2d, { strides: 0.5 }, /for strides, received 0\.5/],
  [layers.globalMaxPooling2d, { poolSize: 2 }, /expected only the options name, received "poolSize"/],
  [layers.adaptiveMaxPooling2d, { outputSize: 0 }, /expected an integer from 1 .* for outputSize, received 0/],
  [layers.adaptiveMaxPooling2d, {}, /adaptiveMaxPooling2d: expected .* for outputSize, received undefined/],
  [layers.adaptiveAveragePooling2d, { outputSize: [3, -1] }, /for outputSize, received \[3, -1\]/],
  [layers.adaptiveAveragePooling2d, { outputSize: [3, null] }, /for outputSize, received \[3, null\]/],
  [layers.upSampling2d, { size: 0 }, /expected an integer from 1 .* for size, received 0/],
  [layers.upSampling2d, { size: 1.5 }, /for size, received 1\.5/],
  [layers.upSampling2d, { interpolation: 'cubic' }, /one of 'nearest', 'bilinear' for interpolation, received "cubic"/],
  [layers.zeroPadding2d, { padding: -1 }, /zeroPadding2d: expected an integer from 0 .* for padding, received -1/],
  [layers.zeroPadding2d, { padding: 'same' }, /for padding, received "same"/],
  [layers.zeroPadding2d, { padding: [1, 2, 3] }, /\[vertical, horizontal\].* for padding, received \[1, 2, 3\]/],
  [layers.zeroPadding2d, { padding: new Array(4) }, /for padding, received/],
  [layers.zeroPadding2d, { padding: 2 ** 20 }, /for padding, received 1048576/],
  [layers.cropping2d, {}, /cropping2d: expected .* for cropping, received undefined/],
  [layers.cropping2d, { cropping: [0, 1, 2, -3] }, /for cropping, received \[0, 1, 2, -3\]/],
  [layers.cropping2d, { cropping: [] }, /for cropping, received \[\]/],
];

test('layers on images refuse what is no option of theirs', (t) => {
  for (const [make, options, message] of ILLEGAL) {
    t.throws(() => make(options as never), { instanceOf: InvalidArgumentError, message }, JSON.stringify(options));
  }
  for (const make of [layers.adaptiveMaxPooling2d, layers.adaptiveAveragePooling2d, layers.cropping2d] as Make[]) {
    t.throws(() => make(undefined as never), { instanceOf: InvalidArgumentError, message: /expected an object/ });
  }
});

/** Layers that cannot take an image, though their options are good. */
const MISFITS: readonly (readonly [readonly number[], () => Layer, RegExp])[] = [
  [
    [1, 8, 8],
    () => layers.averagePooling2d({ poolSize: 3, padding: [0, 3, 0, 0] }),
    /averagePooling2d .*expected padding smaller than the poolSize \[3, 3\], received \[0,3,0,0\]/,
  ],
  [
    [1, 8, 8],
    () => layers.maxPooling2d({ poolSize: 2, dilation: 2, padding: 3 }),
    /expected padding smaller than the poolSize \[2, 2\], \[3, 3\] with its dilation, received 3/,
  ],
  [
    [1, 1, 8],
    () => layers.maxPooling2d({ poolSize: 2, dilation: 2, padding: 1 }),
    /expected windows that each hold a value, received dilation \[2, 2\] .*padding 1 .*\[1, 1, 8\].*smaller dilation/,
  ],
  [
    [1, 4, 4],
    () => layers.maxPooling2d({ poolSize: [2, 3], dilation: [1, 2] }),
    /expected a poolSize of at most the padded input, received \[2, 5\] .*\[1, 4, 4\]/,
  ],
  [
    [1, 3, 3],
    () => layers.averagePooling2d({ poolSize: 5, strides: 2, ceilMode: true }),
    /expected a poolSize of at most the padded input, or less than a stride more, received \[5, 5\].*\[1, 3, 3\]/,
  ],
  [[9], () => layers.globalMaxPooling2d(), /globalMaxPooling2d .*\[channels, height, width\], received \[9\]/],
  [[9], () => layers.adaptiveMaxPooling2d({ outputSize: 2 }), /\[channels, height, width\], received \[9\]/],
  [[9], () => layers.adaptiveAveragePooling2d({ outputSize: 2 }), /\[channels, height, width\], received \[9\]/],
  [[9], () => layers.upSampling2d(), /upSampling2d .*\[channels, height, width\], received \[9\]/],
  [[9], () => layers.zeroPadding2d(), /zeroPadding2d .*\[channels, height, width\], received \[9\]/],
  [[9], () => layers.cropping2d({ cropping: 1 }), /cropping2d .*\[channels, height, width\], received \[9\]/],
  [
    [2, 5, 4],
    () => layers.cropping2d({ cropping: [2, 2] }),
    /expected cropping that leaves .*\[2, 5, 4\], received \[2, 2, 2, 2\] \(\[top, bottom, left, right\]\)/,
  ],
  [[2, 5, 4], () => layers.cropping2d({ cropping: [5, 0, 0, 0] }), /expected cropping .* received \[5, 0, 0, 0\]/],
  [[1, 9, 9], () => layers.upSampling2d({ size: 2 ** 19 }), /at most 2147483647 values in the output/],
  [[1, 9, 9], () => layers.zeroPadding2d({ padding: 2 ** 20 - 1 }), /at most 2147483647 values in the output/],
  [[1, 9, 9], () => layers.adaptiveMaxPooling2d({ outputSize: 2 ** 19 }), /at most 2147483647 values in the output/],
];

for (const [shape, layer, message] of MISFITS) {
  test(`sequential refuses ${JSON.stringify(layer().config())} for [${shape}]`, (t) => {
    t.throws(() => sequential({ inputShape: shape }, [layer()]), { instanceOf: ShapeError, message });
  });
}

test('the compiler rejects wrong options of layers on images, and so does the code', (t) => {
  // @ts-expect-error a number is no answer
  t.throws(() => layers.maxPooling2d({ ceilMode: 1 }));
  // @ts-expect-error only means count
  t.throws(() => layers.maxPooling2d({ countIncludePad: true }));
  // @ts-expect-error only maxima are dilated
  t.throws(() => layers.averagePooling2d({ dilation: 2 }));
  // @ts-expect-error outputSize is missing
  t.throws(() => layers.adaptiveMaxPooling2d({}));
  // @ts-expect-error three sizes
  t.throws(() => layers.adaptiveAveragePooling2d({ outputSize: [1, 2, 3] }));
  // @ts-expect-error an unknown interpolation
  t.throws(() => layers.upSampling2d({ interpolation: 'bicubic' }));
  // @ts-expect-error no words for padding of its own
  t.throws(() => layers.zeroPadding2d({ padding: 'same' }));
  // @ts-expect-error three sides
  t.throws(() => layers.cropping2d({ cropping: [1, 2, 3] }));
});
