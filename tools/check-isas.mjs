// node tools/check-isas.mjs avx2 scalar: whether the instruction sets of this Node, and of a process it starts, are exactly these.
import { execFileSync } from 'node:child_process';
import { info } from 'cnnative';

const expected = process.argv.slice(2).join(', ');
const script = "import { info } from 'cnnative'; console.log(info().isas.join(', '))";
const child = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).trim();
const own = info().isas.join(', ');

console.log(`Node ${process.version} on ${process.arch}: ${own}`);
if (own !== expected || child !== expected) {
  console.error(`expected ${expected}, received ${own}, and in a process started from there ${child}`);
  process.exit(1);
}
