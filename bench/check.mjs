import { fileURLToPath } from 'node:url';
import { jsonOf } from './child.mjs';

const script = fileURLToPath(new URL('own/check.mjs', import.meta.url));

/**
 * A function that checks, once for each network, that peers compute the same one as we. Without PyTorch there is nothing to compare.
 * A difference ends the bench: what follows would compare different things.
 */
export function checker({ exported, onnxruntime, checks, failures }) {
  return async (workload) => {
    if (!exported || checks.some((check) => check.workload === workload)) return;
    const facts = await exported.facts(workload);
    const onnx = [];
    try {
      if (onnxruntime) onnx.push(onnxruntime.entry, await exported.onnx(workload, facts.checkBatch));
    } catch (error) {
      failures.push({ workload, contestant: 'onnxruntime', message: error.message });
    }
    const compared = await jsonOf(process.execPath, [script, workload, JSON.stringify(facts), ...onnx]);
    checks.push({ workload, ...compared });
  };
}
