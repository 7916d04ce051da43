// ONNX Runtime as a peer, with networks that PyTorch exports.
import { fileURLToPath } from 'node:url';
import { jsonOf } from '../child.mjs';
import { findModule } from './modules.mjs';

const INSTALL = 'in any folder: `npm install --ignore-scripts onnxruntime-node`, CNNATIVE_BENCH_MODULES=FOLDER';
const script = fileURLToPath(new URL('onnxruntime-session.mjs', import.meta.url));

/** @param exported where PyTorch's networks are: see exported.mjs; undefined without PyTorch */
export function findOnnxRuntime(exported) {
  const name = 'onnxruntime';
  const found = findModule('onnxruntime-node');
  if (!found) return { name, missing: INSTALL };
  if (!exported) return { name, missing: 'needs PyTorch, which exports the networks' };
  const run = (...args) => jsonOf(process.execPath, [script, found.entry, ...args.map(String)]);
  return {
    name,
    version: found.version,
    entry: found.entry,
    infer({ workload, batch, seconds, threads }) {
      return async () => {
        const { secondsPerRun } = await run('infer', await exported.onnx(workload, batch), seconds, threads);
        return { values: { imagesPerSecond: batch / secondsPerRun } };
      };
    },
    latency({ workload, seconds, threads }) {
      return async () => ({ values: await run('latency', await exported.onnx(workload, 1), seconds, threads) });
    },
  };
}
