// Every measurement runs in a fresh process and prints its result as a line of JSON, the last one.
import { execFile } from 'node:child_process';

/** Runs a command to its end and gives what its last line says. */
export function jsonOf(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    execFile(command, args, options, (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1);
      try {
        if (error) throw error;
        resolve(JSON.parse(line));
      } catch (cause) {
        const said = stderr.trim().split('\n').slice(-3).join(' | ') || cause.message;
        const expected = `bench: expected a line of JSON from ${[command, ...args].join(' ')}`;
        reject(new Error(`${expected}, received ${JSON.stringify(line)}. It said: ${said}`, { cause }));
      }
    });
  });
}
