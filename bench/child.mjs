// Every measurement runs in a fresh process and prints its result as a line of JSON, the last one.
import { execFile } from 'node:child_process';

/** Runs a command to its end and gives what its last line says. */
export function jsonOf(command, args, env = {}) {
  return output(command, args, env, (lines) => JSON.parse(lines.at(-1)));
}

/** The same of a command of which every line is JSON. */
export function jsonLinesOf(command, args, env = {}) {
  return output(command, args, env, (lines) => lines.map((line) => JSON.parse(line)));
}

function output(command, args, env, read) {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    execFile(command, args, options, (error, stdout, stderr) => {
      const lines = stdout.trim().split('\n');
      try {
        if (error) throw error;
        resolve(read(lines));
      } catch (cause) {
        const said = stderr.trim().split('\n').slice(-3).join(' | ') || cause.message;
        const expected = `bench: expected a line of JSON from ${[command, ...args].join(' ')}`;
        reject(new Error(`${expected}, received ${JSON.stringify(lines.at(-1))}. It said: ${said}`, { cause }));
      }
    });
  });
}
