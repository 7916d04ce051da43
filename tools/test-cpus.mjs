// npm run test:cpus: the whole suite on emulated CPUs of the past, one without AVX and one with AVX2 only. Arguments go to ava;
// CNNATIVE_MATRIX_CPUS=Nehalem picks one of them, CNNATIVE_MATRIX_SHARE=0.1 a sample of the files.
import { emulatedNode } from './emulate.mjs';
import { fail } from './run.mjs';
import { expectIsas, prepareSuite } from './suite.mjs';

// Left out is what the emulator cannot do and would warn of on stderr at every start: tests read that of the processes they start.
const CPUS = {
  Nehalem: { isas: ['scalar'], leftOut: [] },
  Haswell: { isas: ['avx2', 'scalar'], leftOut: ['pcid', 'x2apic', 'tsc-deadline', 'hle', 'invpcid', 'rtm'] },
};

if (process.platform !== 'linux' || process.arch !== 'x64') fail('test:cpus: runs on Linux x64 only.');

const { CNNATIVE_MATRIX_CPUS = Object.keys(CPUS).join() } = process.env;
const cpus = CNNATIVE_MATRIX_CPUS.split(',');
const wrong = cpus.find((cpu) => !Object.hasOwn(CPUS, cpu));
if (wrong !== undefined) {
  fail(`CNNATIVE_MATRIX_CPUS: expected some of ${Object.keys(CPUS).join(', ')}, received ${wrong || 'none'}.`);
}

const runSuite = prepareSuite('test:cpus');
for (const cpu of cpus) {
  console.log(`An emulated ${cpu}`);
  const { isas, leftOut } = CPUS[cpu];
  const model = [cpu, ...leftOut.map((feature) => `-${feature}`)].join();
  const node = emulatedNode(`x64-${cpu}`, ['qemu-x86_64-static', '-cpu', model], process.execPath);
  expectIsas(node, isas);
  runSuite(node, { timeout: '60m', env: { CNNATIVE_EMULATED: cpu } });
}
