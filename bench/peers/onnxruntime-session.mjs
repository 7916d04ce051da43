// One network in ONNX Runtime: prints a JSON line.
//
//   node onnxruntime-session.mjs ENTRY infer|latency MODEL.onnx SECONDS THREADS      (ENTRY: main file of onnxruntime-node)
import { createRequire } from 'node:module';
import { latencies } from '../latencies.mjs';

const [entry, what, path, seconds, threads] = process.argv.slice(2);
const { InferenceSession, Tensor } = createRequire(import.meta.url)(entry);
const session = await InferenceSession.create(path, {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
});
const [{ shape }] = session.inputMetadata;
const sample = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => Math.random());
const measured = await latencies(() => session.run({ input: new Tensor('float32', sample, shape) }), Number(seconds));
console.log(JSON.stringify(what === 'latency' ? measured : { secondsPerRun: measured.median / 1e6 }));
