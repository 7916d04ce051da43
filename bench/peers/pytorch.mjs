// PyTorch as a peer: found, and measured by the Python scripts beside this file.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jsonOf } from '../child.mjs';

const INSTALL =
  'Debian: `apt-get install python3-torch`; elsewhere `pip install torch numpy onnx`, CNNATIVE_PYTHON=PYTHON';
const VERSION = 'import json, numpy, torch; print(json.dumps(torch.__version__.split("+")[0]))';
/** The folder of the scripts belongs to the checkout: Python's compiled copies do not. */
const NO_COPIES = { PYTHONDONTWRITEBYTECODE: '1' };
const LAYOUTS = ['nchw', 'nhwc'];

/** PyTorch of the first Python that has it: CNNATIVE_PYTHON, the one of the path, the system's. */
export async function findPyTorch() {
  for (const python of [process.env.CNNATIVE_PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    try {
      return peer(python, await jsonOf(python, ['-c', VERSION]));
    } catch {
      // not this one
    }
  }
  return { name: 'pytorch', missing: INSTALL };
}

function peer(python, version) {
  const path = (script) => fileURLToPath(new URL(script, import.meta.url));
  const measure = (script, args, threads) =>
    jsonOf(python, [path(script), ...args], { ...NO_COPIES, OMP_NUM_THREADS: `${threads}` });
  return {
    name: 'pytorch',
    version,
    /** Images a second and memory; `goal` says which layout is the better one. */
    network({ workload, phase, batch, seconds, threads }, goal = (values) => values.imagesPerSecond) {
      return inBetterLayout(goal, (layout) => {
        const options = { workload, phase, batch, layout, seconds, threads };
        const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
        return measure('pytorch.py', args, threads);
      });
    },
    /** Milliseconds of a memory-bound layer, forward and backward. */
    layer(shape, { seconds, threads }) {
      return inBetterLayout(
        ({ forward, backward }) => -(forward + backward),
        async (layout) => {
          const args = [JSON.stringify(shape), layout, `${seconds}`, `${threads}`];
          const { forward, backward } = await measure('pytorch_layer.py', args, threads);
          return { forward: forward * 1000, backward: backward * 1000 };
        },
      );
    },
    /** Writes a network for other runtimes: see export_onnx.py. */
    async exportNetwork(workload, folder, batches) {
      const args = [path('export_onnx.py'), workload, folder, ...batches.map(String)];
      await promisify(execFile)(python, args, { env: { ...process.env, ...NO_COPIES } });
    },
  };
}

/** A measurement that tries both memory layouts in its first round, and then keeps the better. */
function inBetterLayout(goal, measure) {
  let best;
  return async () => {
    if (best) return { values: await measure(best), note: best };
    const tried = [];
    for (const note of LAYOUTS) tried.push({ values: await measure(note), note });
    const first = tried.reduce((a, b) => (goal(b.values) > goal(a.values) ? b : a));
    best = first.note;
    return first;
  };
}
