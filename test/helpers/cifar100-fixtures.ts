import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packed } from './archives.js';
import { PIXELS } from './cifar10-fixtures.js';
import { packageRoot } from './cli.js';

export const FINE = Array.from({ length: 100 }, (_, i) => `fine_${i}`);
export const COARSE = Array.from({ length: 20 }, (_, i) => `coarse_${i}`);
export const FINE_LABELS = [19, 99];
export const COARSE_LABELS = [11, 13];

export function cifar100Fixture(name: string): Promise<Buffer> {
  return readFile(join(packageRoot, 'test', 'fixtures', 'cifar100', name));
}

/** Files of the Python version, as Python 2 or a protocol of Python 3 wrote them. */
export async function python100(batch = 'batch-python2', meta = 'meta-python2'): Promise<Packed[]> {
  const bytes = await cifar100Fixture(batch);
  const names = ['train', 'test'];
  return [
    ...names.map((name) => ({ path: `cifar-100-python/${name}`, bytes })),
    { path: 'cifar-100-python/meta', bytes: await cifar100Fixture(meta) },
  ];
}

/** Files of the binary version. */
export function binary100(): Packed[] {
  const record = (i: number) =>
    Buffer.concat([
      Buffer.of(COARSE_LABELS[i] as number, FINE_LABELS[i] as number),
      PIXELS.subarray(i * 3072, (i + 1) * 3072),
    ]);
  const bytes = Buffer.concat([record(0), record(1)]);
  return [
    { path: 'cifar-100-binary/train.bin', bytes },
    { path: 'cifar-100-binary/test.bin', bytes: bytes.subarray(3074) },
    { path: 'cifar-100-binary/fine_label_names.txt', bytes: Buffer.from(`${FINE.join('\n')}\n`) },
    { path: 'cifar-100-binary/coarse_label_names.txt', bytes: Buffer.from(`${COARSE.join('\n')}\n`) },
  ];
}
