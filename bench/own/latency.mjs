// Microseconds of `await model.predict(sample)` at batch 1, as a program that serves a model calls it: prints a JSON line.
//
//   node bench/own/latency.mjs WORKLOAD SECONDS THREADS
import { input, model } from 'cnnative';
import { workloads } from '../../dist/bench/workloads/index.js';
import { latencies } from '../latencies.mjs';

const [name, seconds, threads] = process.argv.slice(2);
const { inputShape, build } = workloads[name];
const inputs = input({ shape: [...inputShape] });
const network = model({ inputs, outputs: build(inputs) });
const sample = Float32Array.from({ length: inputShape.reduce((a, b) => a * b) }, () => Math.random());
const options = { threads: Number(threads) };
console.log(JSON.stringify(await latencies(() => network.predict(sample, options), Number(seconds))));
