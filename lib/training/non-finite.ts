import { type NonFinite, TrainingError } from '../errors/index.js';
import type { EpochChunk } from '../model/epoch-chunks.js';
import { type FloatArray, native } from '../native.js';
import { splitOutput } from '../program/array-run.js';
import type { CompiledProgram } from '../program/compile.js';
import { ProgramRun } from '../program/program-run.js';
import { sizeOf } from '../util/shape.js';
import type { Session } from './session.js';

/** What a run puts out at once, at most, where a single layer does not make more. */
const MOST_BYTES = 64 * 2 ** 20;

type Found = Pick<NonFinite, 'place' | 'layer' | 'value'>;

/** Runs the batch of a step that gave numbers which are not finite again, to tell where the first came from. */
export async function explainNonFinite(session: Session, batch: EpochChunk): Promise<TrainingError> {
  const { epoch, plan } = session;
  const found = (await inForwardPass(session, batch)) ??
    (await inBackwardPass(session, batch)) ?? { place: 'loss', layer: 'loss', value: Number.NaN };
  const nonFinite: NonFinite = { step: session.step + 1, epoch, ...found };
  return new TrainingError(
    `${plan.who}: expected finite numbers in step ${nonFinite.step}, in epoch ${epoch}, received ${nonFinite.value} ${PLACES[found.place](found.layer)}. ` +
      'The weights are those before this step. Try a lower learning rate or clipped gradients, look at the data, or go on regardless by ' +
      'terminateOnNaN: false.',
    { nonFinite },
  );
}

const PLACES: Readonly<Record<NonFinite['place'], (layer: string) => string>> = {
  input: (name) => `in the samples of ${name}`,
  weights: (layer) => `in the weights of layer ${layer}, before any layer made one`,
  activations: (layer) => `from layer ${layer}, the first to make one`,
  loss: () => 'as the loss, from finite outputs',
  gradients: (layer) => `in the gradients of the weights of layer ${layer}, the first on the way back`,
};

/** The inputs, then each layer: its weights, and what it makes. */
async function inForwardPass(session: Session, batch: EpochChunk): Promise<Found | undefined> {
  const { runtime } = session;
  const { inputs, nodes } = runtime.graph;
  const weights = (await runtime.parameters.read()) as FloatArray[];
  const values = [
    ...inputs.map(({ name, shape }) => ({ name, elements: sizeOf(shape), place: 'input' as const, parameters: [] })),
    ...nodes.map(({ name, outputShape, parameters }) => {
      return { name, elements: sizeOf(outputShape), place: 'activations' as const, parameters };
    }),
  ];
  const samples = batch.order.length;
  for (let first = 0; first < values.length; ) {
    let end = first + 1;
    let elements = values[first]?.elements ?? 0;
    while (end < values.length && (elements + (values[end]?.elements ?? 0)) * samples * 4 <= MOST_BYTES) {
      elements += values[end++]?.elements ?? 0;
    }
    const part = values.slice(first, end);
    const program = runtime.trainingValuesProgram(
      part.map(({ name }) => name),
      samples,
      session.plan.settings.isa,
    );
    const run = await rerun(session, batch, program, runtime.stores('predict'));
    const outputs = splitOutput(
      run.output(),
      part.map((one) => one.elements),
      samples,
    );
    for (const [i, { name: layer, place, parameters }] of part.entries()) {
      for (const { slot } of parameters) {
        const value = firstNonFinite(weights[slot]);
        if (value !== undefined) return { place: 'weights', layer, value };
      }
      const value = firstNonFinite(outputs[i]);
      if (value !== undefined) return { place, layer, value };
    }
    first = end;
  }
  return undefined;
}

/** The loss, then the gradients of each layer's weights, the last layer first. */
async function inBackwardPass(session: Session, batch: EpochChunk): Promise<Found | undefined> {
  const { runtime, plan } = session;
  const { nodes, parameters } = runtime.graph;
  const gradients = new native.Variables(
    'float32',
    parameters.map(({ shape }) => sizeOf(shape)),
  );
  const program = runtime.newProgram('gradients', batch.order.length, plan.settings.isa);
  const run = await rerun(session, batch, program, [runtime.parameters, gradients]);
  const [loss = 0] = run.metrics(0);
  if (!Number.isFinite(loss)) return { place: 'loss', layer: 'loss', value: loss };
  const values = await gradients.read();
  for (const node of [...nodes].reverse()) {
    for (const { slot } of node.parameters) {
      const value = firstNonFinite(values[slot]);
      if (value !== undefined) return { place: 'gradients', layer: node.name, value };
    }
  }
  return undefined;
}

/** With the same random numbers as in training. */
function rerun(
  { runtime, plan }: Session,
  batch: EpochChunk,
  program: CompiledProgram,
  stores: ReturnType<typeof runtime.stores>,
) {
  const { threads, signal } = plan.settings;
  const inputs = {
    ...batch,
    stores,
    batchSize: batch.order.length,
    scalars: new Float64Array(0),
    firstStep: runtime.steps,
    epoch: runtime.epochs,
    threads,
  };
  return new ProgramRun(program, inputs, signal).finished();
}

function firstNonFinite(values: FloatArray | undefined): number | undefined {
  const index = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  return index < 0 ? undefined : values?.[index];
}
