import test from 'ava';
import { formatBytes, parseBytes } from '#lib/util/bytes.js';

test('sizes are numbers of bytes or texts with decimal or binary units', (t) => {
  const cases: [number | string, number][] = [
    [1, 1],
    [1.5e9, 1.5e9],
    ['1000', 1000],
    ['7B', 7],
    ['512MB', 512_000_000],
    ['2GB', 2_000_000_000],
    [' 1.5 GiB ', 1_610_612_736],
    ['64kib', 65_536],
    ['3kB', 3000],
    ['1TB', 1e12],
  ];
  for (const [value, bytes] of cases) t.is(parseBytes(value), bytes, `${value}`);
});

test('anything else is no size', (t) => {
  const values = ['', 'MB', '-1MB', '1e3', '0', '0GB', '1G', '1 M B', '1.MB', '1,5GB', '0x10', 'Infinity', '1MB 2'];
  for (const value of [...values, 0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, 10n, [5], {}]) {
    t.is(parseBytes(value), undefined, String(value));
  }
});

test('bytes are shown with three digits', (t) => {
  const cases: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [45_678, '45.7 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [2_000_000_000, '2.00 GB'],
    [1_234_567_890_123, '1.23 TB'],
    [5e15, '5000 TB'],
  ];
  for (const [bytes, text] of cases) t.is(formatBytes(bytes), text);
});
