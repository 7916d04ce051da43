import test from 'ava';
import { type Layer, layers, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { resampling } from '../helpers/reference/resampling.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

/** Examples of PyTorch's documentation of `nn.Upsample`, and of the definitions of padding and cropping. */
const EXAMPLES: Record<string, { layer: () => Layer; rows: readonly (readonly number[])[]; y: readonly number[][] }> = {
  nearest: {
    layer: () => layers.upSampling2d({ size: 2 }),
    rows: [
      [1, 2],
      [3, 4],
    ],
    y: [
      [1, 1, 2, 2],
      [1, 1, 2, 2],
      [3, 3, 4, 4],
      [3, 3, 4, 4],
    ],
  },
  bilinear: {
    layer: () => layers.upSampling2d({ size: 2, interpolation: 'bilinear' }),
    rows: [
      [1, 2],
      [3, 4],
    ],
    y: [
      [1, 1.25, 1.75, 2],
      [1.5, 1.75, 2.25, 2.5],
      [2.5, 2.75, 3.25, 3.5],
      [3, 3.25, 3.75, 4],
    ],
  },
  'bilinear with zeros around': {
    layer: () => layers.upSampling2d({ size: 2, interpolation: 'bilinear' }),
    rows: [
      [1, 2, 0],
      [3, 4, 0],
      [0, 0, 0],
    ],
    y: [
      [1, 1.25, 1.75, 1.5, 0.5, 0],
      [1.5, 1.75, 2.25, 1.875, 0.625, 0],
      [2.5, 2.75, 3.25, 2.625, 0.875, 0],
      [2.25, 2.4375, 2.8125, 2.25, 0.75, 0],
      [0.75, 0.8125, 0.9375, 0.75, 0.25, 0],
      [0, 0, 0, 0, 0, 0],
    ],
  },
  'rows repeated': {
    layer: () => layers.upSampling2d({ size: [2, 1] }),
    rows: [[7, 8]],
    y: [
      [7, 8],
      [7, 8],
    ],
  },
  'zeros on all sides': {
    layer: () => layers.zeroPadding2d(),
    rows: [[5, 6]],
    y: [
      [0, 0, 0, 0],
      [0, 5, 6, 0],
      [0, 0, 0, 0],
    ],
  },
  'zeros left and right': { layer: () => layers.zeroPadding2d({ padding: [0, 2] }), rows: [[5]], y: [[0, 0, 5, 0, 0]] },
  'zeros above and to the right': {
    layer: () => layers.zeroPadding2d({ padding: [1, 0, 0, 2] }),
    rows: [[5, 6]],
    y: [
      [0, 0, 0, 0],
      [5, 6, 0, 0],
    ],
  },
  'the middle': {
    layer: () => layers.cropping2d({ cropping: 1 }),
    rows: [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
    y: [[5]],
  },
  'all but the first row and the last column': {
    layer: () => layers.cropping2d({ cropping: [1, 0, 0, 1] }),
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    y: [[4, 5]],
  },
  'the middle columns': { layer: () => layers.cropping2d({ cropping: [0, 1] }), rows: [[1, 2, 3]], y: [[2]] },
};

for (const [name, { layer, rows, y }] of Object.entries(EXAMPLES)) {
  testEachIsa(`images come out as the definition says: ${name}`, async (t, isa) => {
    const image = [rows.length, rows[0]?.length ?? 0] as const;
    for (const channels of [1, 17]) {
      for (const samples of [1, 9]) {
        const copies = new Array(channels * samples).fill(0);
        const x = Float32Array.from(copies.flatMap(() => rows.flat()));
        const expected = copies.flatMap(() => y.flat());
        const network = new TestNetwork([channels, ...image], [layer()]);
        // All of these are exact in binary.
        t.deepEqual(await network.predict([], x, { isa }), Float32Array.from(expected));
        t.deepEqual(await network.predict([], x, DOUBLE), Float64Array.from(expected));
      }
    }
    const { outputShape } = sequential({ inputShape: [3, ...image] }, [layer()]);
    t.deepEqual(outputShape, [3, y.length, y[0]?.length ?? 0]);
  });
}

testEachIsa('few samples are enlarged as many are', async (t, isa) => {
  const random = new Philox(71);
  for (const interpolation of ['nearest', 'bilinear'] as const) {
    for (const [channels, samples] of [
      [33, 2],
      [5, 20],
    ] as const) {
      const [image, scale] = [[4, 5] as const, [3, 2] as const];
      const shape = { planes: channels * samples, image, scale, interpolation };
      const x = randomValues(random, shape.planes * 20);
      const { y, sizes } = resampling(shape, x, new Float64Array(x.length * 6));
      const network = new TestNetwork([channels, ...image], [layers.upSampling2d({ size: scale, interpolation })]);
      isClose(t, interpolation, await network.predict([], x, { isa, threads: 3 }), y, 2 ** -21, sizes.y);
    }
  }
});

test('cropping undoes padding', async (t) => {
  const sides = [2, 0, 1, 3] as const;
  const network = new TestNetwork(
    [3, 4, 5],
    [layers.zeroPadding2d({ padding: sides }), layers.cropping2d({ cropping: sides })],
  );
  const x = randomValues(new Philox(72), 20 * 60);
  t.deepEqual(await network.predict([], x), x);
});
