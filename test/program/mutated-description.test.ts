import test from 'ava';
import { type NativeVariables, native, type RunInputs } from '#lib/native.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { Philox } from '#lib/util/philox.js';
import { isas, vectorIsas } from '../helpers/isas.js';
import { makeRoom, mutate } from '../helpers/mutation.js';
import {
  describeAny,
  describeFewSamples,
  describeTwoInputs,
  type LooseDescription,
  load,
  MODES,
} from '../helpers/native-program.js';
import { pick } from '../helpers/values.js';

const MUTATIONS = 2400;
// What a mutation may ask for and be given: large enough to be wrong in, small enough to be quick.
const MOST_BYTES = 2 ** 24;
const MOST_ELEMENTS = 2 ** 14;
const SAMPLES = 53;

/** A good description of any kind. */
function drawDescription(random: Philox): LooseDescription {
  const kind = random.nextInt(vectorIsas.length > 0 ? 3 : 2);
  if (kind === 2) return describeFewSamples(pick(random, vectorIsas));
  return { ...pick(random, [describeAny, describeTwoInputs])(pick(random, MODES)), isa: pick(random, isas) };
}

/** Stores as large as the description says they are, which need not be as large as it uses them. */
function storesOf({ stores, buffers }: LooseDescription): NativeVariables[] {
  return stores.map((slots, store) => {
    const sizes = Array.from({ length: Math.min(Number(slots), 64) }, () => 1);
    const own = buffers.filter((buffer) => buffer.space === 'variable' && buffer.store === store);
    for (const { slot, elements } of own) {
      sizes[slot as number] = Math.max(sizes[slot as number] ?? 1, Math.min(elements as number, MOST_ELEMENTS));
    }
    const isDouble = own.some(({ element }) => element === 'float64');
    return new native.Variables(isDouble ? 'float64' : 'float32', sizes);
  });
}

/** Inputs that fit the description where any do. */
function inputsOf(description: LooseDescription, random: Philox): RunInputs {
  const inputElements = Array.from(description.inputElements as number[], (n) => Math.min(n, MOST_ELEMENTS));
  const classes = Math.max(1, Math.min(description.classes as number, 1000));
  const parts = inputElements.map((features) => {
    return { samples: Float32Array.from({ length: features * SAMPLES }, () => random.nextFloat()), features };
  });
  const batchSize = Math.min(description.batchSize as number, 1 + random.nextInt(SAMPLES));
  return {
    stores: storesOf(description),
    dataset: new native.Dataset(
      parts,
      Int32Array.from({ length: SAMPLES }, () => random.nextInt(classes)),
    ),
    order: Int32Array.from({ length: SAMPLES }, () => random.nextInt(SAMPLES)),
    batchSize,
    scalars: new Float64Array(Math.ceil(SAMPLES / batchSize) * (description.scalars as number)),
    threads: 1 + random.nextInt(3),
  };
}

test('a description changed at random either is rejected or runs', async (t) => {
  const outcomes = { rejected: 0, loaded: 0, ran: 0, tooLarge: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const random = new Philox(7, i);
    const description = drawDescription(random);
    if (random.nextInt(2) === 0) makeRoom(description);
    mutate(description, random);
    try {
      const program = load(description);
      outcomes.loaded++;
      const isLarge = program.arenaBytes(3) > MOST_BYTES || (description.outputElements as number) > MOST_ELEMENTS;
      if (isLarge) {
        outcomes.tooLarge++;
        continue;
      }
      const run = new ProgramRun({ native: program }, inputsOf(description, random));
      await run.finished();
      outcomes.ran++;
    } catch (error) {
      t.true(error instanceof Error, `mutation ${i}`);
      outcomes.rejected++;
    }
  }
  // Neither so wild that nothing gets through, nor so tame that nothing is wrong.
  t.true(outcomes.rejected > MUTATIONS / 3 && outcomes.ran > MUTATIONS / 10, JSON.stringify(outcomes));
});
