import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { DownloadProgress } from 'cnnative';
import { DataError } from 'cnnative';
import type { DownloadOptions } from '#lib/data/download.js';
import { download } from '#lib/data/download.js';
import type { PublishedFile } from '#lib/data/published-file.js';
import { attempts } from '../helpers/attempts.js';
import { countingBytes } from '../helpers/idx-file.js';
import { deadAddress, localServer } from '../helpers/local-server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

// Noise, so that the packed file is about as long as the unpacked one and comes in several chunks.
const CONTENT = Buffer.concat(Array.from({ length: 8192 }, (_, i) => createHash('sha256').update(String(i)).digest()));
const PACKED = gzipSync(CONTENT);
const FILE: PublishedFile = {
  name: 'numbers.gz',
  unpackedBytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

const serve =
  (body: Uint8Array, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': body.length, ...headers }).end(body);
  };

function options(mirrors: readonly string[], more: Partial<DownloadOptions> = {}): DownloadOptions {
  return { who: 'the test', mirrors, wayOut: () => 'Go another way.', ...more };
}

/** Downloads from one bad mirror, expects the failure, and that nothing at all is left behind. */
async function fails(t: ExecutionContext, listener: RequestListener, message: RegExp, more = {}): Promise<void> {
  const folder = await temporaryFolder(t);
  const mirror = await localServer(t, listener);
  const error = await t.throwsAsync(download(FILE, folder, options([mirror], more)), {
    instanceOf: DataError,
    message,
  });
  t.true(error.message.startsWith(`the test: expected to download numbers.gz, received ${mirror}numbers.gz: `));
  t.true(error.message.endsWith('. Go another way.'));
  t.deepEqual(await readdir(folder), []);
}

test('the file is there, complete, and nothing beside it', async (t) => {
  const folder = join(await temporaryFolder(t), 'made', 'on the way');
  const urls: unknown[] = [];
  const mirror = await localServer(t, (request, response) => {
    urls.push(request.url);
    serve(PACKED)(request, response);
  });
  // A base address works with and without its last slash.
  for (const address of [`${mirror}data`, `${mirror}data/`]) {
    t.is(await download(FILE, folder, options([address])), join(folder, 'numbers.gz'));
    t.true((await readFile(join(folder, 'numbers.gz'))).equals(PACKED));
    t.deepEqual(await readdir(folder), ['numbers.gz']);
  }
  t.deepEqual(urls, ['/data/numbers.gz', '/data/numbers.gz']);
});

test('the query of a base address stays', async (t) => {
  const urls: unknown[] = [];
  const mirror = await localServer(t, (request, response) => {
    urls.push(request.url);
    serve(PACKED)(request, response);
  });
  for (const base of ['some/path?key=1&way=a/b', 'some/path/?key=1', '?key=1', '']) {
    await download(FILE, await temporaryFolder(t), options([`${mirror}${base}`]));
  }
  t.deepEqual(urls, [
    '/some/path/numbers.gz?key=1&way=a/b',
    '/some/path/numbers.gz?key=1',
    '/numbers.gz?key=1',
    '/numbers.gz',
  ]);
});

test('the checksum is that of the unpacked bytes, however packed', async (t) => {
  for (const body of [CONTENT, gzipSync(CONTENT, { level: 1 })]) {
    const folder = await temporaryFolder(t);
    await download(FILE, folder, options([await localServer(t, serve(body))]));
    t.true((await readFile(join(folder, 'numbers.gz'))).equals(body));
  }
});

test('follows redirects and content encodings', async (t) => {
  const encoded = await localServer(t, serve(gzipSync(PACKED), { 'content-encoding': 'gzip' }));
  const mirror = await localServer(t, (_request, response) => {
    response.writeHead(302, { location: `${encoded}numbers.gz` }).end();
  });
  const folder = await temporaryFolder(t);
  await download(FILE, folder, options([mirror]));
  t.true((await readFile(join(folder, 'numbers.gz'))).equals(PACKED));
});

test('a server that sends .gz files as an encoding to those who take one gives the file as it is', async (t) => {
  const mirror = await localServer(t, (request, response) => {
    const unpacks = /gzip|\*/.test(String(request.headers['accept-encoding'] ?? ''));
    serve(PACKED, unpacks ? { 'content-encoding': 'gzip' } : {})(request, response);
  });
  const file = { ...FILE, sha256: createHash('sha256').update(PACKED).digest('hex'), packed: true };
  const path = await download(file, await temporaryFolder(t), options([mirror]));
  t.true((await readFile(path)).equals(PACKED));
});

test('reports progress up to the whole file', async (t) => {
  const events: DownloadProgress[] = [];
  const mirror = await localServer(t, serve(PACKED));
  await download(FILE, await temporaryFolder(t), options([mirror], { onProgress: (event) => events.push(event) }));
  t.true(events.length > 1);
  t.deepEqual(events.at(-1), {
    file: 'numbers.gz',
    url: `${mirror}numbers.gz`,
    receivedBytes: PACKED.length,
    totalBytes: PACKED.length,
  });
  for (const [i, event] of events.entries()) t.true(event.receivedBytes > (events[i - 1]?.receivedBytes ?? 0));
});

test('progress has no total where the server tells none', async (t) => {
  const events: DownloadProgress[] = [];
  const chunked = await localServer(t, (_request, response) => {
    response.write(PACKED.subarray(0, 1000));
    response.end(PACKED.subarray(1000));
  });
  await download(FILE, await temporaryFolder(t), options([chunked], { onProgress: (event) => events.push(event) }));
  t.is(events.at(-1)?.receivedBytes, PACKED.length);
  t.false('totalBytes' in (events.at(-1) ?? {}));
});

test('tells the HTTP status', async (t) => {
  await fails(t, (_request, response) => response.writeHead(404).end('no'), /: HTTP status 404 Not Found\./);
  await fails(t, (_request, response) => response.writeHead(503).end(), /: HTTP status 503 Service Unavailable\./);
});

test('rejects a wrong checksum', async (t) => {
  const other = Buffer.from(CONTENT);
  other[77] = (other[77] as number) ^ 1;
  await fails(
    t,
    serve(gzipSync(other)),
    new RegExp(`wrong checksum \\(SHA-256 [0-9a-f]{64}, expected ${FILE.sha256}\\)`),
  );
});

test('a checksum may be of the packed file', async (t) => {
  const file = { ...FILE, sha256: createHash('sha256').update(PACKED).digest('hex'), packed: true };
  const folder = await temporaryFolder(t);
  const mirror = await localServer(t, serve(PACKED));
  t.true((await readFile(await download(file, folder, options([mirror])))).equals(PACKED));
  // The same content packed otherwise is another file.
  const other = await localServer(t, serve(gzipSync(CONTENT, { level: 1 })));
  const expectation = { instanceOf: DataError, message: new RegExp(`wrong checksum .*expected ${file.sha256}`) };
  await t.throwsAsync(download(file, await temporaryFolder(t), options([other])), expectation);
});

test('rejects a file of another length', async (t) => {
  await fails(t, serve(gzipSync(CONTENT.subarray(1))), /a file of 262143 bytes unpacked where 262144 were expected/);
  await fails(
    t,
    serve(gzipSync(Buffer.concat([CONTENT, CONTENT]))),
    /more than the 262144 bytes the file has unpacked/,
  );
  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
  await fails(t, serve(bomb), /a file of more bytes unpacked where 262144 were expected/);
  await fails(t, serve(Buffer.alloc(0)), /a file of 0 bytes unpacked where 262144 were expected/);
});

test('rejects a page in place of the file', async (t) => {
  await fails(t, serve(Buffer.from('<html>Log in first</html>')), /a file of 25 bytes unpacked/);
});

test('rejects a damaged gzip file', async (t) => {
  await fails(t, serve(PACKED.subarray(0, -20)), /a damaged gzip file/);
});

test('rejects a body cut short', async (t) => {
  await fails(
    t,
    (_request, response) => {
      response.writeHead(200, { 'content-length': PACKED.length });
      response.write(PACKED.subarray(0, 5000), () => response.destroy());
    },
    /numbers\.gz: \S.*\. Go/,
  );
  await fails(
    t,
    (_request, response) => {
      // Without a length the end looks like an end; the content gives it away.
      response.useChunkedEncodingByDefault = false;
      response.write(PACKED.subarray(0, 5000), () => response.socket?.end());
    },
    /a damaged gzip file/,
  );
});

test('an endless body is left before it fills the disk', async (t) => {
  let sent = 0;
  await fails(
    t,
    (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65536))) sent += 65536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
    /more than the 262144 bytes the file has unpacked/,
  );
  t.true(sent < 64 * 1024 * 1024, `${sent}`);
});

test('a server that goes silent is given up', async (t) => {
  const silent = { stallMilliseconds: 150 };
  await fails(t, () => undefined, /nothing received for 0\.15 s/, silent);
  await fails(
    t,
    (_request, response) => {
      response.writeHead(200, { 'content-length': PACKED.length });
      response.write(PACKED.subarray(0, 5000));
    },
    /nothing received for 0\.15 s/,
    silent,
  );
});

test('a slow server that keeps sending is not given up', async (t) => {
  const folder = await temporaryFolder(t);
  const mirror = await localServer(t, async (_request, response) => {
    const step = Math.ceil(PACKED.length / 15);
    for (let at = 0; at < PACKED.length; at += step) {
      response.write(PACKED.subarray(at, at + step));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    response.end();
  });
  // The server is in this process: where that stands still for so long, nothing is sent.
  const done = await attempts(3, () =>
    download(FILE, folder, options([mirror], { stallMilliseconds: 4000 })).then(
      () => true,
      (error: Error) => {
        if (!error.message.includes('nothing received for')) throw error;
        return undefined;
      },
    ),
  );
  t.true(done);
  t.deepEqual(await readdir(folder), ['numbers.gz']);
});

test('nobody listening is an error that names the address', async (t) => {
  const mirror = await deadAddress();
  await t.throwsAsync(download(FILE, await temporaryFolder(t), options([mirror])), {
    instanceOf: DataError,
    message: new RegExp(`${mirror}numbers\\.gz: .*ECONNREFUSED`),
  });
});

test('asks the next mirror after a bad one', async (t) => {
  const bad = [
    await deadAddress(),
    await localServer(t, (_request, response) => response.writeHead(500).end()),
    await localServer(t, serve(Buffer.from('not it'))),
    await localServer(t, (_request, response) => {
      response.write(PACKED.subarray(0, 5000), () => response.destroy());
    }),
  ];
  const folder = await temporaryFolder(t);
  await download(FILE, folder, options([...bad, await localServer(t, serve(PACKED))]));
  t.true((await readFile(join(folder, 'numbers.gz'))).equals(PACKED));
  t.deepEqual(await readdir(folder), ['numbers.gz']);
});

test('does not ask the next mirror after a good one', async (t) => {
  let asked = 0;
  const never = await localServer(t, (_request, response) => {
    asked++;
    response.end();
  });
  await download(FILE, await temporaryFolder(t), options([await localServer(t, serve(PACKED)), never]));
  t.is(asked, 0);
});

test('names what every mirror did wrong', async (t) => {
  const mirrors = [
    await localServer(t, (_request, response) => response.writeHead(404).end()),
    await localServer(t, (_request, response) => response.writeHead(403).end()),
  ];
  await t.throwsAsync(download(FILE, await temporaryFolder(t), options(mirrors)), {
    instanceOf: DataError,
    message: new RegExp(`${mirrors[0]}numbers.gz: HTTP status 404 .*; ${mirrors[1]}numbers.gz: HTTP status 403 `),
  });
});

test('an abort stops the download with its reason', async (t) => {
  const folder = await temporaryFolder(t);
  const mirror = await localServer(t, (_request, response) => {
    response.writeHead(200, { 'content-length': PACKED.length });
    response.write(PACKED.subarray(0, 5000));
  });
  const controller = new AbortController();
  const reason = new Error('the user changed her mind');
  const onProgress = () => controller.abort(reason);
  const error = await t.throwsAsync(
    download(FILE, folder, options([mirror, mirror], { onProgress, signal: controller.signal })),
  );
  t.is(error, reason);
  t.deepEqual(await readdir(folder), []);
  t.is(await t.throwsAsync(download(FILE, folder, options([mirror], { signal: AbortSignal.abort(reason) }))), reason);
});

test('an error thrown by the progress callback reaches the caller', async (t) => {
  const folder = await temporaryFolder(t);
  const mirror = await localServer(t, serve(PACKED));
  const bug = new TypeError('a bug in the callback');
  const onProgress = () => {
    throw bug;
  };
  t.is(await t.throwsAsync(download(FILE, folder, options([mirror, mirror], { onProgress }))), bug);
  t.deepEqual(await readdir(folder), []);
});

test('a folder that cannot be made is an error of the folder', async (t) => {
  const blocked = join(await temporaryFolder(t), 'a file');
  await writeFile(blocked, '');
  const mirror = await localServer(t, serve(PACKED));
  await t.throwsAsync(download(FILE, join(blocked, 'sub'), options([mirror])), {
    instanceOf: DataError,
    message: /^the test: expected to write .*a file.*, received ENOTDIR.*XDG_CACHE_HOME.*Go another way\.$/,
  });
});

test('a file that cannot be put in place leaves nothing beside', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'numbers.gz', 'in the way'), { recursive: true });
  const mirror = await localServer(t, serve(PACKED));
  await t.throwsAsync(download(FILE, folder, options([mirror])), {
    instanceOf: DataError,
    message: /expected to write/,
  });
  t.deepEqual(await readdir(folder), ['numbers.gz']);
});

test('replaces an older file in one step', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'numbers.gz'), countingBytes(10));
  await download(FILE, folder, options([await localServer(t, serve(PACKED))]));
  t.true((await readFile(join(folder, 'numbers.gz'))).equals(PACKED));
});

test('what killed downloads of the file left is removed after a day', async (t) => {
  const folder = await temporaryFolder(t);
  const part = (name: string) => `.${name}.${randomUUID()}.part`;
  const [old, young, other, longer] = [
    part('numbers.gz'),
    part('numbers.gz'),
    part('letters.gz'),
    part('numbers.gz.md5'),
  ];
  for (const name of [old, young, other, longer]) await writeFile(join(folder, name), 'half');
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  for (const name of [old, other, longer]) await utimes(join(folder, name), hoursAgo(25), hoursAgo(25));
  await utimes(join(folder, young), hoursAgo(23), hoursAgo(23));
  await download(FILE, folder, options([await localServer(t, serve(PACKED))]));
  t.deepEqual((await readdir(folder)).sort(), ['numbers.gz', young, other, longer].sort());
});

test('downloads at once do not disturb each other', async (t) => {
  const folder = await temporaryFolder(t);
  let turn = 0;
  const mirror = await localServer(t, (_request, response) => {
    // Half of them get a broken body, so that failing and finishing ones overlap.
    if (turn++ % 2 === 0) response.write(PACKED.subarray(0, 9000), () => response.destroy());
    else serve(PACKED)(_request, response);
  });
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => download(FILE, folder, options([mirror]))));
  t.is(results.filter(({ status }) => status === 'fulfilled').length, 6);
  t.deepEqual(await readdir(folder), ['numbers.gz']);
  t.true((await readFile(join(folder, 'numbers.gz'))).equals(PACKED));
});
