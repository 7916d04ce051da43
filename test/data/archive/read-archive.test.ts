import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { DataError } from 'cnnative';
import { readArchive } from '#lib/data/archive/read-archive.js';
import { type Packed, tarOf, zipOf } from '../../helpers/archives.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const FILES: Packed[] = [
  { path: 'set/', bytes: Buffer.alloc(0), type: '5' },
  { path: 'set/a', bytes: Buffer.from('hello') },
  { path: 'set/empty', bytes: Buffer.alloc(0) },
  { path: 'set/large', bytes: Buffer.alloc(700_000, 7) },
  { path: 'set/rest', bytes: Buffer.alloc(512, 1) },
];

/** Writes an archive and reads it, all but `rest`. */
async function reading(t: ExecutionContext, archive: Uint8Array, most = 1_000_000): Promise<Map<string, Uint8Array>> {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'archive');
  await writeFile(path, archive);
  const found = new Map<string, Uint8Array>();
  const wanted = (name: string) => (name.endsWith('rest') ? undefined : most);
  try {
    for await (const file of readArchive(path, wanted)) found.set(file.path, file.bytes);
  } finally {
    t.deepEqual(await readdir(folder), ['archive']);
  }
  return found;
}

test('reads the wanted files of tar, tar.gz and zip', async (t) => {
  const files = FILES.filter(({ type }) => type !== '5');
  for (const archive of [tarOf(FILES), gzipSync(tarOf(FILES)), zipOf(files), zipOf(files, false)]) {
    const found = await reading(t, archive);
    t.deepEqual([...found.keys()], ['set/a', 'set/empty', 'set/large']);
    for (const { path, bytes } of FILES.slice(1, 4)) t.is(Buffer.compare(found.get(path) as Uint8Array, bytes), 0);
  }
});

test('refuses paths that lead outside, and passes over links', async (t) => {
  for (const path of ['../a', 'set/../../a', '/etc/a', 'C:\\a', 'set\\..\\..\\a']) {
    for (const archive of [tarOf([{ path, bytes: Buffer.from('x') }]), zipOf([{ path, bytes: Buffer.from('x') }])]) {
      await t.throwsAsync(reading(t, archive), { instanceOf: DataError }, path);
    }
  }
  const link = { path: 'set/a', bytes: Buffer.alloc(0), type: '2' };
  t.deepEqual([...(await reading(t, tarOf([link, ...FILES.slice(2)]))).keys()], ['set/empty', 'set/large']);
});

test('refuses a zip file that continues beyond every file', async (t) => {
  const [locator, end] = [Buffer.alloc(20), Buffer.alloc(22)];
  locator.writeUInt32LE(0x07064b50);
  locator.writeBigUInt64LE(2n ** 62n - 1n, 8);
  end.writeUInt32LE(0x06054b50);
  const archive = Buffer.concat([Buffer.from('PK\x03\x04'), locator, end]);
  await t.throwsAsync(reading(t, archive), { instanceOf: DataError, message: /a place beyond its end/ });
});

test('refuses what is larger than allowed, whatever it claims', async (t) => {
  const expectation = { instanceOf: DataError, message: /expected at most 600000 bytes/ };
  await t.throwsAsync(reading(t, tarOf(FILES), 600_000), expectation);
  await t.throwsAsync(reading(t, gzipSync(tarOf(FILES)), 600_000), expectation);
  await t.throwsAsync(reading(t, zipOf(FILES.slice(1)), 600_000), expectation);
  const claimed = (size: number) => [{ path: 'a', bytes: Buffer.alloc(1000), size }];
  await t.throwsAsync(reading(t, tarOf(claimed(2 ** 32))), { instanceOf: DataError });
  await t.throwsAsync(reading(t, zipOf(claimed(10))), { instanceOf: DataError, message: /expected a whole zip file/ });
  await t.throwsAsync(reading(t, zipOf(claimed(2000))), {
    instanceOf: DataError,
    message: /expected a whole zip file/,
  });
});

test('refuses a gzip bomb', async (t) => {
  // 1.2 GB of zeros, in a tar's ignored file, packed into 1.2 MB.
  const path = join(await temporaryFolder(t), 'bomb.tar.gz');
  const head = gzipSync(tarOf([{ path: 'rest', bytes: Buffer.alloc(0), size: 1_300_000_000 }]).subarray(0, 512));
  const block = gzipSync(Buffer.alloc(100_000_000), { level: 9 });
  await writeFile(path, Buffer.concat([head, ...new Array<Buffer>(13).fill(block)]));
  const read = async () => {
    for await (const _ of readArchive(path, () => undefined));
  };
  await t.throwsAsync(read(), { instanceOf: DataError, message: /more than 1073741824 bytes unpacked/ });
});

test('refuses an archive packed twice of which the first bytes come one by one', async (t) => {
  const packed = gzipSync(tarOf(FILES), { level: 0 });
  const outer = gzipSync(packed, { level: 0 });
  // The name of a file in the header, so long that what is read at once ends within the first bytes that are packed.
  for (let length = 262_144 - 40; length <= 262_144; length++) {
    const name = Buffer.alloc(length, 'n');
    name[length - 1] = 0;
    const header = Buffer.concat([outer.subarray(0, 3), Buffer.from([8]), outer.subarray(4, 10), name]);
    const archive = Buffer.concat([header, outer.subarray(10)]);
    await t.throwsAsync(reading(t, archive), { instanceOf: DataError, message: /packed twice/ }, `${length}`);
  }
});

test('refuses archives that are damaged, cut short or packed twice', async (t) => {
  const tar = tarOf(FILES);
  const flipped = Buffer.from(tar);
  flipped[512] = 0xff;
  const packed = gzipSync(tar);
  const zip = zipOf(FILES.slice(1));
  const bad: [string, Uint8Array][] = [
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello '.repeat(300))],
    ['a header changed', flipped],
    ['tar cut short', tar.subarray(0, 300_000)],
    ['gzip cut short', packed.subarray(0, packed.length - 20)],
    ['zip cut short', zip.subarray(0, zip.length - 5)],
    ['gzip twice', gzipSync(packed)],
    ['gzip of zip', gzipSync(zip)],
  ];
  for (const [name, bytes] of bad) await t.throwsAsync(reading(t, bytes), { instanceOf: DataError }, name);
});
