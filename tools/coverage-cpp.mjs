// Which lines of cpp/ were run, from what an addon built with COVERAGE counted.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fail, root } from './run.mjs';

/**
 * For each file, whether each of its lines with code was run. Kernels are compiled once for each instruction set, templates once for each
 * type: a line is run when it is in any of these.
 */
export function cppLines(folder) {
  const args = ['--root', root, '--filter', 'cpp/', '--json', '-', '-j', `${availableParallelism()}`, folder];
  const { status, stdout, stderr } = spawnSync('gcovr', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) fail(`gcovr failed: ${stderr}`);
  return new Map(
    JSON.parse(stdout).files.map(({ file, lines }) => {
      const code = lines.filter((line) => !line['gcovr/noncode']);
      return [file, new Map(code.map((line) => [line.line_number, line.count > 0]))];
    }),
  );
}
