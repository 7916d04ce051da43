import { TrainingError } from '../errors/index.js';
import type { Graph } from './graph.js';
import type { EpochPlan } from './sampling.js';

/**
 * Checks that every step of an epoch holds as many samples as each layer needs: of a single value per channel, batch
 * normalisation has no statistics.
 *
 * @throws TrainingError otherwise
 */
export function checkBatchStatistics(
  who: string,
  { nodes }: Graph,
  { samplesPerEpoch: size, batchSize, givenSteps }: Pick<EpochPlan, 'samplesPerEpoch' | 'batchSize' | 'givenSteps'>,
): void {
  const last = lastStep(size, batchSize);
  for (const { name, layer, outputShape } of nodes) {
    // Layers that ask for more than one sample give what they take: the output's shape is the input's.
    const needed = layer.fewestSamples(outputShape);
    if (last >= needed) continue;
    const wayOut = wayOutOf(size, batchSize, needed, givenSteps);
    throw new TrainingError(
      `${who}: expected at least ${needed} samples in every step for the statistics of ${name}, received ${last} in the ` +
        `last step of each epoch (samples: ${size}, batchSize: ${batchSize}). ${wayOut}.`,
    );
  }
}

function wayOutOf(size: number, batchSize: number, needed: number, givenSteps: boolean): string {
  // A given number of steps takes more samples where each of them does.
  if (givenSteps && batchSize < needed) return `Choose a batchSize of at least ${needed}`;
  if (size < needed) return 'Give more samples';
  const other = `Choose another batchSize, such as ${nextFitting(size, batchSize, needed)}`;
  return batchSize < needed ? other : `${other}, or lastBatch: 'drop'`;
}

/** Samples that an epoch's last step takes. */
function lastStep(size: number, batchSize: number): number {
  return size % batchSize || batchSize;
}

/** The next larger batch size whose last step holds enough samples; at the latest, all of them. */
function nextFitting(size: number, batchSize: number, needed: number): number {
  let larger = batchSize + 1;
  while (lastStep(size, larger) < needed) larger++;
  return larger;
}
