// Networks as PyTorch exports them, in a folder of their own for each version of the definitions.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The exports below a folder, made when they are first asked for. */
export function exportedNetworks(pytorch, folder) {
  const hash = createHash('sha256').update(pytorch.version);
  for (const name of ['networks.py', 'export_onnx.py']) hash.update(readFileSync(new URL(name, import.meta.url)));
  const place = join(folder, `networks-${hash.digest('hex').slice(0, 12)}`);
  const ensure = async (workload, path, batches) => {
    if (existsSync(path)) return;
    mkdirSync(place, { recursive: true });
    await pytorch.exportNetwork(workload, place, batches);
  };
  return {
    /** Path of the network for one batch size. */
    async onnx(workload, batch) {
      const path = join(place, `${workload}-${batch}.onnx`);
      await ensure(workload, path, [batch]);
      return path;
    },
    /** What is known of a network, and the path of its weights with a batch to check. */
    async facts(workload) {
      const path = join(place, `${workload}.json`);
      await ensure(workload, path, []);
      return { ...JSON.parse(readFileSync(path, 'utf8')), weights: join(place, `${workload}.safetensors`) };
    },
  };
}
