// tfjs in plain JavaScript as a peer.
import { fileURLToPath } from 'node:url';
import { workloads } from '../../dist/bench/workloads/index.js';
import { jsonOf } from '../child.mjs';
import { findModule } from './modules.mjs';

const INSTALL = 'in any folder: `npm install --ignore-scripts @tensorflow/tfjs`, CNNATIVE_BENCH_MODULES=FOLDER';
const script = fileURLToPath(new URL('tfjs-network.mjs', import.meta.url));
/** Multiply-adds of a step's forward pass. A step at the batch of the others would take minutes; images a second hardly depend on it. */
const MOST_MULTIPLY_ADDS = 5e7;

export function findTfjs() {
  const name = 'tfjs';
  const found = findModule('@tensorflow/tfjs');
  if (!found) return { name, missing: INSTALL };
  return {
    name,
    version: found.version,
    network({ workload, phase, batch, seconds }) {
      const most = Math.max(1, Math.floor(MOST_MULTIPLY_ADDS / workloads[workload].forwardMacs));
      const images = Math.min(batch, most);
      return async () => ({
        values: await jsonOf(process.execPath, [script, found.entry, workload, phase, `${images}`, `${seconds}`]),
        note: `batch ${images}, 1 thread`,
      });
    },
  };
}
