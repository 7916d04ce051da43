import test from 'ava';
import { InvalidArgumentError, input, layers, ShapeError, type SymbolicTensor, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { TestNetwork } from '../helpers/test-network.js';
import { at, type Numbers, randomValues } from '../helpers/values.js';

const SAMPLES = 19;

testEachIsa('tensors of one shape are multiplied, averaged and compared element by element', async (t, isa) => {
  const shape = [3, 2, 5];
  const features = 30;
  const cases = {
    multiply: (values: number[]) => values.reduce((product, value) => Math.fround(product * value)),
    average: (values: number[]) => values.reduce((sum, value) => sum + value) / values.length,
    maximum: (values: number[]) => Math.max(...values),
  };
  for (const count of [2, 3, 5]) {
    const others = new Array<number[]>(count - 1).fill(shape);
    const inputs = randomValues(new Philox(992, count), SAMPLES * count * features);
    for (const [name, merge] of Object.entries(cases)) {
      const layer = layers[name as keyof typeof cases]();
      const network = new TestNetwork(shape, (...all) => layer.apply(all), ...others);
      const expected = Float32Array.from({ length: SAMPLES * features }, (_, i) => {
        const from = Math.floor(i / features) * count * features + (i % features);
        return merge(Array.from({ length: count }, (_, k) => at(inputs, from + k * features)));
      });
      const actual = await network.predict([], inputs, { isa });
      isClose(t, `${name} of ${count}`, actual, expected, name === 'average' ? 2e-7 : 0);
    }
  }
});

/** A sample's value at a place along its axes. */
type Read = (values: Numbers, place: readonly number[]) => number;

function reader(shape: readonly number[]): Read {
  return (values, place) =>
    at(
      values,
      place.reduce((index, position, axis) => index * at(shape, axis) + position, 0),
    );
}

/** All places along axes of such lengths, the last one fastest. */
function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

testEachIsa('concatenation puts tensors behind one another along any axis', async (t, isa) => {
  const cases = [
    { axis: 0, shapes: [[3], [5], [1]] },
    {
      axis: 0,
      shapes: [
        [3, 2, 5],
        [1, 2, 5],
      ],
    },
    {
      axis: 1,
      shapes: [
        [3, 2, 5],
        [3, 4, 5],
        [3, 1, 5],
      ],
    },
    {
      axis: 2,
      shapes: [
        [3, 2, 5],
        [3, 2, 1],
      ],
    },
  ];
  for (const { axis, shapes } of cases) {
    const [first = [], ...others] = shapes;
    const network = new TestNetwork(first, (...all) => layers.concatenate({ axis }).apply(all), ...others);
    const inputs = randomValues(new Philox(993, axis), SAMPLES * network.features);
    const { shape } = network.network.output;
    t.is(
      shape[axis],
      shapes.map((one) => one[axis] ?? 0).reduce((a, b) => a + b),
    );
    const expected = Array.from({ length: SAMPLES }, (_, n) => {
      let start = n * network.features;
      const parts = shapes.map((one) => {
        const size = one.reduce((a, b) => a * b);
        start += size;
        return inputs.subarray(start - size, start);
      });
      return placesOf(shape).map((place) => {
        let position = place[axis] ?? 0;
        let part = 0;
        while (position >= (shapes[part]?.[axis] ?? 0)) position -= shapes[part++]?.[axis] ?? 0;
        return reader(shapes[part] ?? [])(
          parts[part] ?? [],
          place.map((own, i) => (i === axis ? position : own)),
        );
      });
    }).flat();
    isClose(t, `axis ${axis}`, await network.predict([], inputs, { isa }), expected, 0);
  }
});

testEachIsa('a permutation turns axes, a reshape leaves all elements in their order', async (t, isa) => {
  const cases = [
    { shape: [7], axes: [0] },
    { shape: [2, 3, 4], axes: [0, 1, 2] },
    { shape: [2, 3, 4], axes: [0, 2, 1] },
    { shape: [2, 3, 4], axes: [1, 0, 2] },
    { shape: [2, 3, 4], axes: [1, 2, 0] },
    { shape: [2, 3, 4], axes: [2, 0, 1] },
    { shape: [2, 3, 4], axes: [2, 1, 0] },
    { shape: [2, 3, 2, 5], axes: [3, 0, 2, 1] },
    { shape: [6, 10], axes: [1, 0] },
  ];
  for (const { shape, axes } of cases) {
    const size = shape.reduce((a, b) => a * b);
    const network = new TestNetwork([size], [layers.reshape({ targetShape: shape }), layers.permute({ axes })]);
    const inputs = randomValues(new Philox(994), SAMPLES * size);
    t.deepEqual(
      network.network.output.shape,
      axes.map((axis) => shape[axis] ?? 0),
    );
    const read = reader(shape);
    const expected = Array.from({ length: SAMPLES }, (_, n) => {
      const sample = inputs.subarray(n * size, (n + 1) * size);
      return placesOf(network.network.output.shape).map((place) =>
        read(
          sample,
          shape.map((_, axis) => place[axes.indexOf(axis)] ?? 0),
        ),
      );
    }).flat();
    isClose(t, `[${axes}] of [${shape}]`, await network.predict([], inputs, { isa }), expected, 0);
  }
});

test('one length of a reshape follows from the others', (t) => {
  const shapeOf = (targetShape: number[]) => layers.reshape({ targetShape }).apply(input({ shape: [4, 3, 2] })).shape;
  t.deepEqual(shapeOf([-1]), [24]);
  t.deepEqual(shapeOf([6, -1]), [6, 4]);
  t.deepEqual(shapeOf([-1, 2, 3]), [4, 2, 3]);
  t.deepEqual(shapeOf([24, -1]), [24, 1]);
  t.deepEqual(shapeOf([2, 2, 2, 3]), [2, 2, 2, 3]);
});

test('merging layers refuse a single tensor and tensors that do not fit', (t) => {
  const tensor = (...shape: number[]) => input({ shape });
  const refuse = (make: () => SymbolicTensor, message: RegExp) =>
    t.throws(make, { instanceOf: ShapeError, message }, String(message));
  for (const make of [layers.add, layers.multiply, layers.average, layers.maximum]) {
    refuse(
      () => make().apply([tensor(3, 2, 2), tensor(3, 2, 1)]),
      /of one shape, received \[3, 2, 2\] and \[3, 2, 1\]/,
    );
    refuse(() => make().apply([tensor(4), tensor(4), tensor(5)]), /of one shape, received \[4\] and \[5\]/);
    t.throws(() => make({ axis: 0 } as never), { instanceOf: InvalidArgumentError, message: /received "axis"/ });
  }
  for (const make of [layers.multiply, layers.average, layers.maximum, layers.concatenate]) {
    const message = /expected at least two tensors, received 1/;
    t.throws(() => make().apply(tensor(3)), { instanceOf: InvalidArgumentError, message });
    t.throws(() => sequential({ inputShape: [3] }, [make()]), { instanceOf: InvalidArgumentError, message });
  }
  const joined = (axis: number, ...all: SymbolicTensor[]) => layers.concatenate({ axis }).apply(all);
  refuse(() => joined(0, tensor(3, 2, 2), tensor(3, 2, 1)), /differ along axis 0 alone.*\[3, 2, 2\] and \[3, 2, 1\]/);
  refuse(() => joined(1, tensor(3, 2, 2), tensor(4, 2, 2)), /differ along axis 1 alone/);
  refuse(() => joined(0, tensor(3, 2, 2), tensor(3)), /differ along axis 0 alone/);
  refuse(() => joined(3, tensor(3, 2, 2), tensor(3, 2, 2)), /an axis from 0 to 2 .*received 3/);
  refuse(() => joined(1, tensor(3), tensor(3)), /an axis from 0 to 0 /);
  for (const axis of [-1, 0.5, '0']) {
    t.throws(() => layers.concatenate({ axis: axis as number }), {
      instanceOf: InvalidArgumentError,
      message: /an integer of at least 0 for axis/,
    });
  }
});

test('reshape and permute refuse what is no shape or order, and shapes that do not fit', (t) => {
  const [shape, axes] = [/for targetShape, received/, /for axes, received/];
  for (const wrong of [[], [0], [-2], [1.5], [-1, -1], ['3'], [1, 2, 3, 4, 5], new Array(2), 6, '6', null, undefined]) {
    const make = () => layers.reshape({ targetShape: wrong as number[] });
    t.throws(make, { instanceOf: InvalidArgumentError, message: shape });
  }
  for (const wrong of [[], [1], [0, 0], [0, 2], [1, 2, 3], [-1, 0], ['0'], [0, 1, 2, 3, 4], new Array(2), 1, null]) {
    const make = () => layers.permute({ axes: wrong as number[] });
    t.throws(make, { instanceOf: InvalidArgumentError, message: axes });
  }
  const refuse = (layer: Parameters<typeof sequential>[1][number], message: RegExp) =>
    t.throws(() => sequential({ inputShape: [4, 3, 2] }, [layer]), { instanceOf: ShapeError, message });
  refuse(layers.reshape({ targetShape: [5, 5] }), /targetShape \[5, 5\], received \[4, 3, 2\], which has 24/);
  refuse(layers.reshape({ targetShape: [7, -1] }), /targetShape \[7, -1\]/);
  refuse(layers.permute({ axes: [1, 0] }), /an input of 2 axes.*\[1, 0\], received \[4, 3, 2\]/);
});
