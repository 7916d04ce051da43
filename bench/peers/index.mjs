import { exportedNetworks } from './exported.mjs';
import { findOneDnn } from './onednn.mjs';
import { findOnnxRuntime } from './onnxruntime.mjs';
import { findPyTorch } from './pytorch.mjs';
import { findTfjs } from './tfjs.mjs';

/**
 * The peers asked for: each with `version` and what it can measure, or with `missing`, which says how to install it. `exported` are
 * PyTorch's networks for others, kept in `folder`.
 */
export async function findPeers(names, folder) {
  const wants = (name) => names.includes(name);
  // ONNX Runtime runs what PyTorch exports, also where PyTorch itself is not measured.
  const pytorch = wants('pytorch') || wants('onnxruntime') ? await findPyTorch() : undefined;
  const exported = pytorch?.version ? exportedNetworks(pytorch, folder) : undefined;
  const list = [];
  if (wants('pytorch')) list.push(pytorch);
  if (wants('onednn')) list.push(await findOneDnn(folder));
  if (wants('onnxruntime')) list.push(findOnnxRuntime(exported));
  if (wants('tfjs')) list.push(findTfjs());
  return { list, exported };
}
