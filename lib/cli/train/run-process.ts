import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '../../util/system-reason.js';

const NAME = 'process.json';

/** A process of this machine. A number alone may be another's by now: `started` is when it began, where the system tells. */
interface Process {
  readonly pid: number;
  readonly started?: string;
}

/**
 * Writes down in the folder of a run that this process is at work on it: two would take each other's checkpoints. What a killed process has
 * left counts for nothing, nor does one of another machine or container, which nobody can ask here.
 *
 * @param who who names the folder
 * @returns what takes the mark away again
 * @throws Error while another process is at work, or where the folder cannot be written to
 */
export async function occupy(folder: string, who: string): Promise<() => Promise<void>> {
  const path = join(folder, NAME);
  const other = await processAt(path);
  if (other && (await isAlive(other))) {
    throw new Error(
      `${who}: expected a run that no process is at work on, received ${folder}, which process ${other.pid} trains. ` +
        `Wait for its end, or stop it first; if it is none of cnnative, delete ${path}.`,
    );
  }
  try {
    await writeFile(path, `${JSON.stringify(await identityOf(process.pid))}\n`);
  } catch (error) {
    throw new Error(
      `${who}: expected a folder that can be written to, received ${systemReason(folder, error, 'write')}. ` +
        'Check its permissions and the space left.',
    );
  }
  // One that stays where the folder cannot be changed any more is that of a process that is gone.
  return () => rm(path, { force: true }).catch(() => undefined);
}

async function processAt(path: string): Promise<Process | undefined> {
  try {
    const { pid, started } = JSON.parse(await readFile(path, 'utf8')) as Partial<Process>;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return undefined;
    return { pid: pid as number, ...(typeof started === 'string' && { started }) };
  } catch {
    return undefined; // none, or cut off
  }
}

async function isAlive(other: Process): Promise<boolean> {
  if (other.pid === process.pid) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await identityOf(other.pid)).started === other.started;
}

async function identityOf(pid: number): Promise<Process> {
  try {
    // proc_pid_stat(5): behind the name, which may hold anything, the start in ticks since boot is the 20th field.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return { pid, ...(started !== undefined && { started }) };
  } catch {
    return { pid };
  }
}
