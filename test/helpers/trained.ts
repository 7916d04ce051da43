import { createHash } from 'node:crypto';
import type { Model, TrainEventOptions, TrainingData } from 'cnnative';

/** What a training leaves: the loss of every step, and the weights as a hash of every bit. */
export interface Trained {
  readonly losses: number[];
  readonly weights: string;
}

/** Trains a model and keeps what comes of it. */
export async function trained(model: Model, data: TrainingData, options: TrainEventOptions = {}): Promise<Trained> {
  const losses: number[] = [];
  for await (const event of model.train(data, { ...options, logEvery: 1 })) {
    if (event.event === 'step') losses.push(event.loss);
  }
  return { losses, weights: await fingerprint(model) };
}

/** A hash of the bits of a model's weights, and of their names. */
export async function fingerprint(model: Model): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(await model.getWeights())) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
