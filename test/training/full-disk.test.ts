import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runTraining, trainingCommand } from '../helpers/checkpointed.js';
import { inShell, shell } from '../helpers/shell.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
/** As root of a namespace of its own, where that is allowed. */
const UNSHARE = ['unshare', '--mount', '--map-root-user'];
const canMount =
  process.platform === 'linux' &&
  spawnSync(UNSHARE[0] as string, [...UNSHARE.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

async function goesOn(t: ExecutionContext, command: readonly string[], error: RegExp): Promise<void> {
  const whole = await runTraining(trainingCommand(await temporaryFolder(t)));
  const { code, lines, stderr } = await runTraining(command);
  t.is(code, 0, stderr);
  const errors = lines.filter(({ message }) => message !== undefined);
  t.true(errors.length > 0);
  for (const { message, path } of errors) {
    t.regex(String(message), error);
    t.true(String(message).includes(String(path)));
  }
  t.deepEqual(lines.at(-1), whole.lines.at(-1));
}

(canMount ? test : test.skip)('on a full disk training goes on, and the checkpoints before are intact', async (t) => {
  const disk = await temporaryFolder(t);
  const sizeOf = async () => {
    const folder = await temporaryFolder(t);
    await runTraining(trainingCommand(folder));
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    return Math.max(...sizes);
  };
  const blocks = Math.ceil((await sizeOf()) / 4096);
  // Room for one and a half, beside the folder itself.
  const size = Math.ceil(blocks * 1.5 + 1) * 4096;
  const run = join(disk, 'run');
  const kept = await temporaryFolder(t);
  const script = `mount -t tmpfs -o size=${size} none '${disk}' && ${inShell(trainingCommand(run))} && cp '${run}'/* '${kept}'`;
  await goesOn(t, [...UNSHARE, ...shell(script)], /ENOSPC/);
  // The first had room, perhaps a second while they are small; they are complete, and a training goes on from them.
  const names = await readdir(kept);
  t.true(names.length >= 1 && names.every((name) => name.endsWith('.safetensors')), names.join(' '));
  const { code, lines } = await runTraining(trainingCommand(kept));
  t.is(code, 0);
  const whole = await runTraining(trainingCommand(await temporaryFolder(t)));
  t.deepEqual(lines.at(-1), whole.lines.at(-1));
});

onLinux('files that may not grow so large are told of, and training goes on', async (t) => {
  const folder = await temporaryFolder(t);
  // In blocks of 512 or 1024 bytes, as the shell has it: too few either way.
  await goesOn(t, shell(`ulimit -f 2; exec ${inShell(trainingCommand(folder))}`), /EFBIG/);
  t.deepEqual(await readdir(folder), []);
});

(canMount ? test : test.skip)('a folder that becomes read-only is told of, and training goes on', async (t) => {
  const disk = await temporaryFolder(t);
  const kept = await temporaryFolder(t);
  const training = inShell(trainingCommand(join(disk, 'run')));
  // Refused while a file is open for writing, so it is tried until it goes; the training waits meanwhile, for it may be over soon.
  const tries = `for i in $(seq 2000); do
    kill -STOP $pid
    ls '${disk}'/run/*.safetensors && mount -o remount,ro '${disk}' && i=last
    kill -CONT $pid
    [ $i = last ] && break
    sleep 0.01
  done`;
  const script = `mount -t tmpfs none '${disk}' && { ${training} & pid=$!; { ${tries}; } >/dev/null 2>&1; wait $pid && cp '${disk}'/run/* '${kept}'; }`;
  await goesOn(t, [...UNSHARE, ...shell(script)], /EROFS/);
  t.true((await readdir(kept)).length > 0);
});
