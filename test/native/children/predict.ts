// Prints what the package says of itself, and a hash of what a model trained for a few steps predicts.
import { createHash } from 'node:crypto';
import { info } from 'cnnative';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';

const model = lenet5();
const set = goldenSet(64);
await model.fit(set, { batchSize: 16 });
const { data } = await model.predict(set.images);
const hash = createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
console.log(JSON.stringify({ info: info(), hash }));
