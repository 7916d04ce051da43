// A worker thread: predicts many times at once, several rounds of it, and tells each different result it got.
import { parentPort, workerData } from 'node:worker_threads';
import { predictAtOnce } from '../../helpers/at-once.js';

const { rounds } = workerData as { rounds: number };
const results = new Set<string>();
for (let round = 0; round < rounds; round++) results.add(await predictAtOnce());
parentPort?.postMessage([...results]);
