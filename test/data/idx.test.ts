import { readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { DataError } from 'cnnative';
import { readIdx } from '#lib/data/idx.js';
import { Philox } from '#lib/util/philox.js';
import { countingBytes, idxBytes } from '../helpers/idx-file.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const IMAGES = idxBytes([2, 3, 4], countingBytes(24));

async function file(t: ExecutionContext, bytes: Uint8Array, name = 'set.idx'): Promise<string> {
  const path = join(await temporaryFolder(t), name);
  await writeFile(path, bytes);
  return path;
}

test('reads a plain file and a gzip file alike', async (t) => {
  for (const bytes of [IMAGES, gzipSync(IMAGES)]) {
    const { data, shape, dataOffset } = await readIdx(await file(t, bytes));
    t.deepEqual(data, countingBytes(24));
    t.deepEqual(shape, [2, 3, 4]);
    t.is(dataOffset, 16);
  }
});

test('goes by the content, not by the name', async (t) => {
  t.deepEqual((await readIdx(await file(t, gzipSync(IMAGES), 'images'))).shape, [2, 3, 4]);
  t.deepEqual((await readIdx(await file(t, IMAGES, 'images.gz'))).shape, [2, 3, 4]);
});

test('reads every element type, big-endian', async (t) => {
  const hex = (text: string) => Buffer.from(text, 'hex');
  const cases = [
    [0x08, hex('00ff'), Uint8Array.of(0, 255)],
    [0x09, hex('807f'), Int8Array.of(-128, 127)],
    [0x0b, hex('fffe0102'), Int16Array.of(-2, 258)],
    [0x0c, hex('fffffffe01020304'), Int32Array.of(-2, 16909060)],
    [0x0d, hex('3f800000c0490fdb'), Float32Array.of(1, -Math.PI)],
    [0x0e, hex('3ff0000000000000c00921fb54442d18'), Float64Array.of(1, -Math.PI)],
  ] as const;
  for (const [type, bytes, expected] of cases) {
    t.deepEqual((await readIdx(await file(t, idxBytes([2], bytes, type)))).data, expected);
  }
});

test('reads a file of many chunks', async (t) => {
  const content = countingBytes(3 * 1024 * 1024 + 7);
  const bytes = idxBytes([content.length], content);
  for (const packed of [bytes, gzipSync(bytes)]) {
    const { data } = await readIdx(await file(t, packed));
    t.true(Buffer.from(data.buffer, data.byteOffset, data.byteLength).equals(content));
  }
});

test('a file cut short at any byte says at which byte it ends', async (t) => {
  for (let length = 0; length < IMAGES.length; length++) {
    const path = await file(t, IMAGES.subarray(0, length));
    const error = await t.throwsAsync(readIdx(path), { instanceOf: DataError }, `cut at ${length}`);
    t.true(error.message.startsWith(`${path}: expected `), error.message);
    if (length < 4) {
      t.regex(error.message, new RegExp(`magic number at byte 0, received the end of the file at byte ${length}\\.`));
    } else if (length < 16) {
      const dimension = Math.floor((length - 4) / 4);
      t.regex(
        error.message,
        new RegExp(`dimension ${dimension} at byte ${4 + 4 * dimension}, .* at byte ${length}\\.`),
      );
    } else {
      t.regex(error.message, new RegExp(`expected 40 bytes, .*\\[2, 3, 4\\].*, received ${length}\\.`));
    }
  }
});

test('a gzip file cut short at any byte is an error', async (t) => {
  const packed = gzipSync(IMAGES);
  for (let length = 0; length < packed.length; length++) {
    const path = await file(t, packed.subarray(0, length), 'set.gz');
    const error = await t.throwsAsync(readIdx(path), { instanceOf: DataError }, `cut at ${length}`);
    t.true(error.message.startsWith(`${path}: expected `), error.message);
    if (length >= 2) t.regex(error.message, /complete gzip file, received .* after \d+ unpacked bytes/);
  }
});

test('a plain file cut short inside a gzip file says where', async (t) => {
  for (const length of [0, 3, 7, 15, 16, 39]) {
    const path = await file(t, gzipSync(IMAGES.subarray(0, length)));
    await t.throwsAsync(readIdx(path), {
      instanceOf: DataError,
      message: new RegExp(`the end of the file at byte ${length}\\.`),
    });
  }
});

test('a flipped bit in a gzip file is found', async (t) => {
  const packed = gzipSync(idxBytes([1000], countingBytes(1000)));
  let found = 0;
  for (let at = 10; at < packed.length; at++) {
    const damaged = Buffer.from(packed);
    damaged.writeUInt8((damaged[at] as number) ^ 0x10, at);
    try {
      t.deepEqual((await readIdx(await file(t, damaged))).data, countingBytes(1000));
    } catch (error) {
      t.true(error instanceof DataError);
      found++;
    }
  }
  t.true(found > 0.9 * (packed.length - 10), `${found} of ${packed.length - 10}`);
});

test('names the wrong byte of the header, what belongs there and what was found', async (t) => {
  const cases: [number, number, RegExp][] = [
    [0, 0x89, /expected 0x00 at byte 0 \(magic number\), received 0x89\./],
    [1, 0x50, /expected 0x00 at byte 1 \(magic number\), received 0x50\./],
    [2, 0x07, /expected an element type \(0x08, 0x09, 0x0b, .*\) at byte 2, received 0x07\./],
    [2, 0x0a, /at byte 2, received 0x0a\./],
    [3, 0, /expected at least 1 dimension at byte 3, received 0\./],
  ];
  for (const [at, value, message] of cases) {
    const bytes = Buffer.from(IMAGES);
    bytes[at] = value;
    for (const content of [bytes, gzipSync(bytes)]) {
      await t.throwsAsync(readIdx(await file(t, content)), { instanceOf: DataError, message });
    }
  }
});

test('rejects a dimension of size zero', async (t) => {
  for (const dimension of [0, 1, 2]) {
    const bytes = Buffer.from(IMAGES);
    bytes.writeUInt32BE(0, 4 + 4 * dimension);
    await t.throwsAsync(readIdx(await file(t, bytes)), {
      instanceOf: DataError,
      message: new RegExp(`at least 1 for dimension ${dimension} at byte ${4 + 4 * dimension}, received 0\\.`),
    });
  }
});

test('rejects bytes after the last element', async (t) => {
  const longer = Buffer.concat([IMAGES, Buffer.from([0])]);
  for (const content of [longer, gzipSync(longer)]) {
    await t.throwsAsync(readIdx(await file(t, content)), {
      instanceOf: DataError,
      message: /expected the end of the file at byte 40, .*, received more bytes\./,
    });
  }
});

test('does not believe a header that asks for more than the file can hold', async (t) => {
  const huge = idxBytes([60_000, 2, 4], countingBytes(24));
  await t.throwsAsync(readIdx(await file(t, huge)), {
    instanceOf: DataError,
    message: /expected 480016 bytes, .*, received 40\./,
  });
  await t.throwsAsync(readIdx(await file(t, gzipSync(huge))), {
    instanceOf: DataError,
    message: /expected 480016 bytes, .*, received a gzip file that cannot hold more than \d+\./,
  });
});

test('survives dimensions whose product overflows', async (t) => {
  const wrapsTo24 = idxBytes([0x80000003, 0x80000000, 8], countingBytes(24));
  const everything = idxBytes(new Array(255).fill(0xffffffff), []);
  for (const bytes of [wrapsTo24, everything, idxBytes([0xffffffff], countingBytes(24), 0x0e)]) {
    for (const content of [bytes, gzipSync(bytes)]) {
      await t.throwsAsync(readIdx(await file(t, content)), {
        instanceOf: DataError,
        message: /expected at most 2147483648 bytes of elements, received a header of /,
      });
    }
  }
});

test('a gzip file that unpacks to more than its header says is left at that point', async (t) => {
  const bomb = gzipSync(Buffer.concat([IMAGES, Buffer.alloc(64 * 1024 * 1024)]));
  t.true(bomb.length < 100_000);
  await t.throwsAsync(readIdx(await file(t, bomb)), { instanceOf: DataError, message: /received more bytes/ });
});

test('keeps to a limit of bytes', async (t) => {
  const path = await file(t, gzipSync(IMAGES));
  t.is((await readIdx(path, { maxBytes: 24 })).data.length, 24);
  await t.throwsAsync(readIdx(path, { maxBytes: 23 }), { instanceOf: DataError, message: /at most 23 bytes/ });
});

test('garbage is an error or a correct parse', async (t) => {
  const random = new Philox(20);
  const path = await file(t, IMAGES);
  for (let i = 0; i < 900; i++) {
    // A third is noise, a third noise behind a good magic number, a third a good file with one wrong byte.
    let bytes = Uint8Array.from({ length: random.nextInt(64) }, () => random.nextInt(256));
    if (i % 3 === 1) bytes.set([0, 0, 8, 1 + random.nextInt(3)].slice(0, bytes.length));
    if (i % 3 === 2) {
      bytes = Uint8Array.from(IMAGES);
      bytes[random.nextInt(bytes.length)] = random.nextInt(256);
    }
    await writeFile(path, i % 2 === 0 ? bytes : gzipSync(bytes));
    try {
      const { data, shape, dataOffset } = await readIdx(path);
      t.is(
        data.length,
        shape.reduce((a, b) => a * b, 1),
      );
      t.is(dataOffset + data.byteLength, bytes.length);
    } catch (error) {
      t.true(error instanceof DataError, String(error));
    }
  }
});

test('rejects what is no readable file', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(readIdx(join(folder, 'absent')), {
    instanceOf: DataError,
    message: `${join(folder, 'absent')}: expected a readable file, received no file of that name.`,
  });
  await t.throwsAsync(readIdx(folder), { instanceOf: DataError, message: /expected a file, received a folder/ });
  await t.throwsAsync(readIdx('nul\0byte'), { instanceOf: DataError });
});

const hasDescriptors = process.platform === 'linux' ? test : test.skip;

hasDescriptors('closes its files, also after errors', async (t) => {
  const folder = await temporaryFolder(t);
  const openFiles = async () => {
    const descriptors = await readdir('/proc/self/fd');
    const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return targets.filter((target) => target.startsWith(folder));
  };
  const large = idxBytes([4_000_000], new Uint8Array(4_000_000));
  const contents = {
    good: IMAGES,
    cut: IMAGES.subarray(0, 20),
    noise: large.subarray(3),
    bomb: Buffer.concat([IMAGES, large]),
    large,
  };
  for (const [name, bytes] of Object.entries(contents)) {
    for (const content of [bytes, gzipSync(bytes), gzipSync(bytes).subarray(0, -9)]) {
      const path = join(folder, name);
      await writeFile(path, content);
      await readIdx(path).catch(() => undefined);
      t.deepEqual(await openFiles(), [], name);
    }
  }
});
