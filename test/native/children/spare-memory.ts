// Gives 32 MB back while the executor has work, takes a store of as many and drops it. Prints the resident bytes behind that and a second
// later, and how many of the store's numbers are not 0.
import { setTimeout } from 'node:timers/promises';
import { native } from '#lib/native.js';

const elements = 2 ** 23;
await new native.Variables('float32', [1]).read();
const samples = new Float32Array(elements).fill(7);
new native.Dataset([{ samples, features: 1 }], null).releaseMemory();
const [values = []] = await new native.Variables('float32', [elements]).read();
let dirty = 0;
for (let i = 0; i < values.length; i++) if (values[i] !== 0) dirty++;

await new native.Variables('float32', [1]).read();
new native.Dataset([{ samples, features: 1 }], null).releaseMemory();
const after = process.memoryUsage.rss();
await setTimeout(1000);
console.log(JSON.stringify({ after, later: process.memoryUsage.rss(), elements: values.length, dirty }));
