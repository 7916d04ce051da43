import { checkGradients, type GradientCheck } from '../../gradcheck/check-gradients.js';
import type { TensorCheck, WorstElement } from '../../gradcheck/comparison.js';
import { version } from '../../machine/version.js';
import { loadModel } from '../../model/load-model.js';
import { formatShape } from '../../util/shape.js';
import { UsageError } from '../errors.js';
import { loadData } from '../load-data.js';
import { columns, table } from '../table.js';
import type { GradcheckArguments } from './command.js';

/** `cnnative gradcheck`. */
export async function runGradcheck(folder: string, options: GradcheckArguments, signal: AbortSignal): Promise<void> {
  const { dataset, data, json = false, ...rest } = options;
  if (data !== undefined && dataset === undefined) {
    throw new UsageError('--data: expected --dataset beside it, received none.');
  }
  const model = await loadModel(folder);
  const set = dataset && (await loadData({ dataset, ...(data !== undefined && { data }) }, signal)).train;
  const result = await checkGradients(model, set, { ...rest, signal });
  process.stdout.write(json ? `${JSON.stringify({ library: `cnnative ${version()}`, ...result })}\n` : asText(result));
  if (result.passed) return;
  const failed = result.tensors.filter(({ passed }) => !passed).map(({ name }) => name);
  throw new Error(
    failed.length > 0
      ? `expected the gradients of central differences for every tensor, received others for ${failed.join(', ')}.`
      : 'expected elements to compare, received only ones at kinks. Give other samples, or train the model first.',
  );
}

function asText({ objective, samples, isa, tolerance, tensors, passed }: GradientCheck): string {
  const summary = table([
    ['objective', objective],
    ['samples', `${samples}`],
    ['tolerance', `${tolerance.float32} in float32 (${isa}), ${tolerance.float64} in double precision`],
  ]);
  const head = ['tensor', 'shape', 'kernels', 'tried', 'kinks', 'worst at', 'ours', 'numeric', 'error', ''];
  const rows = tensors.flatMap((tensor) => [
    [tensor.name, formatShape(tensor.shape), ...cells(tensor, isa, tensor.float32, tolerance.float32)],
    ['', '', ...cells(tensor, 'double', tensor.float64, tolerance.float64)],
  ]);
  const good = tensors.filter((tensor) => tensor.passed).length;
  return `${summary}\n${columns(head, rows, 3)}\n${passed ? 'passed' : 'FAILED'}: ${good} of ${tensors.length} tensors\n`;
}

function cells({ compared, kinks }: TensorCheck, kernels: string, worst: WorstElement | null, tolerance: number) {
  const tried = [kernels, `${compared + kinks}`, `${kinks}`];
  if (!worst) return [...tried, '', '', '', '', 'not compared'];
  const { index, ours, numeric, error } = worst;
  const verdict = error <= tolerance ? 'ok' : 'WRONG';
  return [
    ...tried,
    formatShape(index),
    ours.toExponential(5),
    numeric.toExponential(5),
    error.toExponential(1),
    verdict,
  ];
}
