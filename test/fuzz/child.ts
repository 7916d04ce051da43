// node .test-build/fuzz/child.js FORMAT SEED [COUNT [FIRST]]: reads changed files of a format in this process. Prints the
// number of the input at work now and then, and the result as JSON on the last line.
import { FORMATS } from './formats/index.js';
import { fuzz } from './fuzz.js';

const TELL_EVERY = 200; // milliseconds

const [name, seed = '1', count = '1000', first = '0'] = process.argv.slice(2);
const format = FORMATS.find((each) => each.name === name);
if (!format) throw new Error(`expected one of ${FORMATS.map((each) => each.name).join(', ')}, received ${name}`);

let told = Number.NEGATIVE_INFINITY;
const onInput = (index: number) => {
  if (performance.now() - told < TELL_EVERY) return;
  told = performance.now();
  console.log(index);
};
const result = await fuzz(format, { seed: Number(seed), count: Number(count), first: Number(first), onInput });
console.log(JSON.stringify(result));
