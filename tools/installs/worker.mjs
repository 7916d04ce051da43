// A worker thread imports the package.
import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./import.mjs', import.meta.url));
worker.on('exit', (code) => {
  process.exitCode = code;
});
