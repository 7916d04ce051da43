import { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { lossFromName } from '../losses/index.js';
import { graphOf } from '../model/graph.js';
import { checkInput } from '../model/input.js';
import { Runtime } from '../model/runtime.js';
import { optimizers } from '../optimizers/index.js';
import type { Workload } from './workloads/index.js';

/** Of every training step that is measured. */
export const LEARNING_RATE = 0.01;
const MOMENTUM = 0.9;
const SEED = 0;

/** A benchmark network with its first weights, compiled. */
export function workloadRuntime(who: string, workload: Workload): Runtime {
  const { inputShape: shape } = workload;
  const input = new SymbolicTensor(shape, null, []);
  const runtime = new Runtime(graphOf(who, [input], workload.build(input)), [checkInput(who, { shape })], SEED);
  runtime.initialize();
  runtime.compile({
    optimizer: optimizers.sgd({ learningRate: LEARNING_RATE, momentum: MOMENTUM }),
    loss: lossFromName(who, 'sparseCategoricalCrossentropy'),
    metrics: [],
  });
  return runtime;
}
