// oneDNN as a peer: a small C++ program, built when it is first needed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonOf } from '../child.mjs';
import { rates } from '../own.mjs';

const INSTALL = 'Debian: `apt-get install g++ libdnnl-dev`';
const source = fileURLToPath(new URL('onednn.cpp', import.meta.url));

/** @param folder where to build the program */
export async function findOneDnn(folder) {
  const name = 'onednn';
  const program = join(folder, 'onednn');
  try {
    if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) {
      mkdirSync(folder, { recursive: true });
      execFileSync('g++', ['-O2', '-std=c++17', source, '-o', program, '-ldnnl'], { stdio: 'pipe' });
    }
    const { version } = await jsonOf(program, ['--version']);
    return { name, version, convolution: (shape, options) => () => measure(program, shape, options) };
  } catch (error) {
    // The header or the library is not there; of anything else, the first line of what was said helps.
    const said = `${error.stderr ?? error.message}`.trim().split('\n')[0];
    return {
      name,
      missing: /dnnl\.hpp|-ldnnl|libdnnl|ENOENT/.test(`${error.stderr ?? ''}${error.message}`) ? INSTALL : said,
    };
  }
}

/** GFLOP/s of a convolution in each direction that oneDNN has. */
async function measure(program, shape, { seconds, threads }) {
  const { batch, inputs, outputs, kernel, image, stride, pad, groups } = shape;
  const numbers = [batch, inputs, outputs, ...kernel, ...image, stride, pad, groups, seconds];
  return { values: rates(shape, await jsonOf(program, numbers.map(String), { OMP_NUM_THREADS: `${threads}` })) };
}
