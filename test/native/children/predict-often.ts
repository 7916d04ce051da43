// predict-often.js WHAT: predicts 2000 times with small and large batches in turn (mixed), or 20000 single samples (single).
// Prints by how many bytes the process grew from the hundredth time on.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { picturesFrom, preparedModel } from '../../helpers/prepared.js';
import { rested } from '../../helpers/rested.js';

const [, , what] = process.argv;
const [times, sizes] = what === 'single' ? [20_000, [1]] : [2000, [1, 20, 1, 5, 1, 64]];
const model = preparedModel();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

// What nobody holds any more is not growth, and how much of it V8 lets lie is its own affair. But the event loop must have turned
// for native memory to be released, which is left to the predictions.
let begun = process.memoryUsage();
for (let i = 1; i <= times; i++) {
  await model.predict(picturesFrom(0, sizes[i % sizes.length] ?? 1));
  if (i % 100 === 0) collect();
  if (i === 100 || i === times) await rested();
  if (i === 100) begun = process.memoryUsage();
}
const { rss, heapTotal } = process.memoryUsage();
console.log(JSON.stringify({ resident: rss - begun.rss, javascript: heapTotal - begun.heapTotal }));
