// A Node that runs under qemu's user emulation, and so do the processes it starts by `process.execPath`.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exists, fail, root } from './run.mjs';

/** The path of a script that stands for the emulated Node; `name` is its folder in cross/. */
export function emulatedNode(name, [emulator, ...options], node) {
  if (!exists(emulator)) fail(`${emulator} not found (on Debian, apt-get install qemu-user-static).`);
  const folder = join(root, 'cross', name);
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'node');
  const preload = join(folder, 'exec-path.cjs');
  writeFileSync(preload, `process.execPath = ${JSON.stringify(script)};\n`);
  writeFileSync(script, `#!/bin/sh\nexec ${emulator} ${options.join(' ')} '${node}' --require '${preload}' "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}
