import { augmented } from '../helpers/augmented.js';
import { testEachKernel } from '../helpers/isas.js';
import { decode, drawArray, readFixture } from '../helpers/pytorch-fixture.js';
import { at } from '../helpers/values.js';

interface Case {
  readonly stream: number;
  readonly shape: readonly number[];
  readonly degrees: number;
  readonly factor: number;
  readonly mode: string;
  readonly y: string;
}

testEachKernel('images are turned and enlarged as by affine_grid and grid_sample of PyTorch', async (t, kernels) => {
  const cases = readFixture<Case>('augment-pytorch.json');
  t.is(cases.length, 15);
  for (const { stream, shape, degrees, factor, mode, y } of cases) {
    const { data } = drawArray(stream, shape);
    const augment = [
      { type: 'rotation', degrees: [degrees, degrees], mode } as const,
      { type: 'scale', factor: [factor, factor], mode } as const,
    ];
    const actual = await augmented(data, shape, augment, kernels);
    const expected = decode(y);
    t.is(actual.length, expected.length);
    // The fixture holds float32, and places count single precision from up to 16 pixels away.
    const worst = Math.max(...Array.from(actual, (value, i) => Math.abs(value - at(expected, i))));
    t.true(worst < 1e-6, `${shape} ${degrees} ${factor} ${mode}: ${worst}`);
  }
});

testEachKernel('a quarter turn is counter-clockwise', async (t, kernels) => {
  const n = 6;
  const image = Float32Array.from({ length: n * n }, (_, i) => i);
  const turned = await augmented(image, [1, n, n], [{ type: 'rotation', degrees: [90, 90], mode: 'edge' }], kernels);
  const expected = Array.from(image, (_, i) => at(image, (i % n) * n + (n - 1 - Math.floor(i / n))));
  t.true(turned.every((value, i) => Math.abs(value - at(expected, i)) < 1e-5));
});
