// node tools/check-accuracy.mjs 0.97: reads the lines of `cnnative train --json` from stdin, shows them, and fails when
// the test accuracy of the last one is below the bound.
import { createInterface } from 'node:readline';

const bound = Number(process.argv[2]);
let done;
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line);
  const event = JSON.parse(line);
  if (event.event === 'done') done = event;
}

// Written so that a missing or NaN accuracy fails too.
if (!(done?.testAccuracy >= bound)) {
  console.error(`expected a test accuracy of at least ${bound}, received ${done?.testAccuracy}`);
  process.exit(1);
}
