// no-memory.js: asks for copies of weights until the system has no memory for them, and prints the name of each failure. To be run with a
// limit of address space.
import { layers, sequential } from 'cnnative';

const UNITS = 4096;
const make = () => sequential({ inputShape: [UNITS] }, [layers.dense({ units: UNITS })]);
const failures: Record<string, string> = {};

/** Repeats a call, keeping what it gives, until it fails. */
async function exhaust(name: string, call: () => unknown): Promise<void> {
  const kept: unknown[] = [];
  while (failures[name] === undefined && kept.length < 100) {
    try {
      kept.push(await call());
    } catch (error) {
      failures[name] = (error as Error).name;
    }
  }
}

const data = new Float32Array(UNITS * UNITS);
const model = make();
await exhaust('sequential', make);
await exhaust('getWeights', () => model.getWeights());
// Copies are made when it is called, and are kept until they are written.
await exhaust('setWeights', () =>
  Promise.all(Array.from({ length: 100 }, () => model.setWeights({ 'dense/kernel': data }))),
);
console.log(JSON.stringify(failures));
