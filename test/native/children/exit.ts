// exit.js HOW MILLISECONDS: trains without end and ends the process after some time in the way named, or lets it end.
import { setTimeout as sleep } from 'node:timers/promises';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';

const [, , how, milliseconds] = process.argv;
const set = goldenSet(64);
const model = lenet5();
const forever = { epochs: 1_000_000, batchSize: 16 };

switch (how) {
  case 'exit':
    void model.fit(set, forever);
    await sleep(Number(milliseconds));
    process.exit(7);
    break;
  case 'exit-in-event':
    for await (const event of model.train(set, { ...forever, logEvery: 1 })) if (event.step > 5) process.exit(7);
    break;
  case 'exit-at-work': // evaluations, predictions, reads and a second training in the queue
    void model.fit(set, forever);
    void lenet5().fit(set, forever);
    void Promise.all(
      Array.from({ length: 5 }, () => [model.evaluate(set), model.predict(set.images), model.getWeights()]),
    );
    await sleep(Number(milliseconds));
    process.exit(7);
    break;
  case 'uncaught':
    void model.fit(set, forever);
    await sleep(Number(milliseconds));
    throw new Error('on purpose');
  case 'unhandled': // nobody waits for the fit that is aborted
    void model.fit(set, { ...forever, signal: AbortSignal.timeout(Number(milliseconds)) });
    break;
  case 'idle': // a model that has worked, and one that has not
    await model.fit(set);
    lenet5();
    console.log('last line');
    break;
  case 'unawaited': // the process lasts as long as the training, and no longer
    void model.fit(set, { epochs: 2 }).then(() => console.log('last line'));
    break;
  case 'stopped':
    for await (const _ of model.train(set, { ...forever, logEvery: 1 })) break;
    console.log('last line');
    break;
  default:
    throw new Error('no such way');
}
