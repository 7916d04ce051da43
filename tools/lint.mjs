// npm run lint: formatting and lint of TypeScript, JavaScript and C++; with --write (npm run format) it mends what it can.

import { checkCpp, cppFiles } from './lint-cpp.mjs';
import { bin, runNode } from './run.mjs';

const write = process.argv.includes('--write');

runNode(bin('@biomejs/biome', 'bin/biome'), ['check', '--error-on-warnings', ...(write ? ['--write'] : [])]);
if (process.arch === 'x64' || process.platform === 'darwin') {
  runNode(bin('clang-format', 'index.js'), [...(write ? ['-i'] : ['--dry-run', '-Werror']), ...cppFiles()]);
} else {
  console.log(`clang-format: skipped, its npm package has no binary for ${process.platform} ${process.arch}.`);
}
if (!write) await checkCpp();
