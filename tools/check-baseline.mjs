// Checks that an x64 addon runs on every x64 CPU: outside the kernels of an instruction set, no instruction may be wider or
// newer than SSE2, which the architecture includes. Looks at the file named, or at the developers' build; it must still
// have its symbols, which tell kernels from other code.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fail, root } from './run.mjs';

const KERNELS = /\bcnnative::avx(2|512)::/;

// VEX and EVEX, which all vector instructions with a v are; masks; BMI, LZCNT and MOVBE; SSE3 to SSE4.2.
// Not tzcnt: old CPUs read it as bsf, which counts the same where a bit is set, and compilers use it so.
const NEWER = [
  /^v(?!err$|erw$|m(call|launch|resume|xoff|xon|clear|ptrld|ptrst|read|write))/,
  /^k(add|and|andn|mov|not|or|ortest|shift[lr]|test|unpck\w\w|xnor|xor)[bwdq]$/,
  /^(andn|bextr|blsi|blsmsk|blsr|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx|lzcnt|movbe|popcnt|crc32)[bwlq]?$/,
  /^(addsub|hadd|hsub)p[sd]$|^(lddqu|movddup|movs[hl]dup)$/,
  /^(pshufb|phadd|phsub|pmaddubsw|pmulhrsw|psign|pabs|palignr|pblend|blendv?p|dpp[sd]|extractps|insertps|movntdqa|mpsadbw)/,
  /^(packusdw|pcmpeqq|pcmpgtq|pcmp[ei]str[im]|pextr[bdq]|phminposuw|pinsr[bdq]|p(max|min)(sb|sd|ud|uw)|pmov[sz]x\w\w|pmuldq|pmulld|ptest|round[ps][sd])$/,
];
const WIDE = /%[yz]mm|%xmm(1[6-9]|2\d|3[01])/;

const file = process.argv[2] ?? join(root, 'build', 'Release', 'cnnative.node');
const found = new Map();
let functions = 0;
let kernels = 0;

const objdump = spawn('objdump', ['--disassemble', '--demangle', '--no-show-raw-insn', file], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
objdump.on('error', () => fail('check-baseline: objdump was not found (on Debian, apt-get install binutils).'));
const ended = new Promise((resolve) => objdump.on('close', resolve));

let current = '';
for await (const line of createInterface({ input: objdump.stdout })) {
  const start = /^[\da-f]+ <(.*)>:$/.exec(line);
  if (start) {
    current = start[1];
    functions++;
    if (KERNELS.test(current)) kernels++;
    continue;
  }
  const instruction = /^\s+[\da-f]+:\s+(?:lock |rep[nz]* |data16 |bnd |notrack )*(\S+)(.*)$/.exec(line);
  if (!instruction || KERNELS.test(current)) continue;
  const [, name, operands] = instruction;
  if (WIDE.test(operands) || NEWER.some((pattern) => pattern.test(name))) {
    found.set(`${current}: ${name}`, (found.get(`${current}: ${name}`) ?? 0) + 1);
  }
}
if ((await ended) !== 0) fail(`check-baseline: objdump cannot read ${file}`);
if (kernels === 0) fail(`check-baseline: ${file} has no kernels of avx2 or avx512 by name: stripped, or not for x64?`);

for (const [where, count] of found) console.log(`${where} (${count} times)`);
if (found.size > 0) fail('check-baseline: instructions that old CPUs do not have, where every CPU runs them');
console.log(`check-baseline: ${functions - kernels} functions for every x64 CPU, beside ${kernels} of kernels`);
