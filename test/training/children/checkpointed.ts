// checkpointed.js FOLDER THREADS: trains with checkpoints in the folder, going on from what is there, and prints a line of JSON for every
// checkpoint, every error of one, and at last what the training left.
import { writeSync } from 'node:fs';
import { Decay, leftBy, pictures, resumableModel } from '../../helpers/resumable.js';

const [, , folder = '', threads = '1'] = process.argv;
const print = (value: unknown) => writeSync(1, `${JSON.stringify(value)}\n`);

const model = resumableModel();
const { history } = await model.fit(pictures(120), {
  epochs: 100,
  batchSize: 16,
  validationData: pictures(30, 1),
  threads: Number(threads),
  callbacks: [new Decay(), { passive: true, onStep: ({ step }) => void (step % 2 === 0 && print({ step })) }],
  checkpoint: { folder, everySteps: 2, onError: ({ message, path }) => void print({ message, path }) },
  resume: true,
});
print(await leftBy(model, history));
