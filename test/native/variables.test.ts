import test from 'ava';
import { native } from '#lib/native.js';

const filled = (...values: number[]) => values.map((value, i) => new Float32Array(i + 1).fill(value));

async function stores() {
  const [one, other] = [new native.Variables('float32', [1, 2, 3]), new native.Variables('float32', [3, 2, 1])];
  await one.write(filled(1, 2, 3));
  await other.write(filled(4, 5, 6).reverse());
  return { one, other };
}

test('slots of two stores change places, and the others stay', async (t) => {
  const { one, other } = await stores();
  await one.exchange([0, 2], other, [2, 0]);
  t.deepEqual(await one.read(), filled(4, 2, 6));
  t.deepEqual(await other.read(), filled(1, 5, 3).reverse());
});

test('rejects slots that are none, or of another size, and stores that are none', async (t) => {
  const { one, other } = await stores();
  const exchange = one.exchange.bind(one) as (...args: unknown[]) => Promise<void>;
  for (const args of [
    [[0], other, [0]],
    [[3], other, [0]],
    [[-1], other, [0]],
    [[0], other, [2 ** 40]],
    [[0, 1], other, [2]],
    [[0], one, [0]],
    [[0], new native.Variables('float64', [1]), [0]],
    [[0], {}, [0]],
    ['x', other, [2]],
    [[0.5], other, [2]],
    [],
  ]) {
    t.throws(() => void exchange(...args), { instanceOf: TypeError }, JSON.stringify(args));
  }
  t.deepEqual(await one.read(), filled(1, 2, 3));
});

test('slots that together are beyond any memory are refused, whatever their sum overflows to', (t) => {
  t.throws(() => new native.Variables('float64', [16, ...new Array<number>(2 ** 21).fill(2 ** 40)]));
});
