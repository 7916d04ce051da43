import { ProgramRun } from '#lib/program/program-run.js';
import { testVectors, vectorIsas } from '../helpers/isas.js';
import {
  describeAny,
  describeFewSamples,
  inputsForFewSamples,
  type LooseDescription,
  load,
} from '../helpers/native-program.js';

/** What lanes may be for every operator that both programs of a prediction use. */
const FOR_BOTH = ['maxPooling', 'averagePooling', 'activation', 'add', 'foldBatchNorm', 'batchNormScale'];

/** Operands that calls may do without. */
const OPTIONAL = ['bias', 'gamma', 'beta'];

testVectors('good descriptions of predictions of few samples load and run', async (t) => {
  for (const isa of vectorIsas) {
    const run = new ProgramRun({ native: load(describeFewSamples(isa)) }, inputsForFewSamples());
    t.is((await run.finished()).completed(), 2);
  }
});

testVectors('rejects groups of samples that lanes can not hold', (t) => {
  for (const isa of vectorIsas) {
    for (const describe of [() => describeAny('train'), () => describeFewSamples(isa)]) {
      for (const samplesPerGroup of [0, -1, 2, 4, 8, 15, 17, 32, 2 ** 53]) {
        t.throws(() => load({ ...describe(), samplesPerGroup }), { message: /samplesPerGroup/ }, `${samplesPerGroup}`);
      }
      for (const samplesPerGroup of [undefined, null, '1', '16', 0.5, Number.NaN, Number.POSITIVE_INFINITY, true, 1n]) {
        t.throws(
          () => load({ ...describe(), samplesPerGroup }),
          { message: /samplesPerGroup/ },
          String(samplesPerGroup),
        );
      }
    }
  }
});

/** A description with one call more, before the first of its phase. What the lanes are is seen before what the call lacks. */
function withCall(description: LooseDescription, call: LooseDescription['calls'][number]): LooseDescription {
  const at = description.calls.findIndex(({ phase }) => phase === call.phase);
  const calls = [...description.calls];
  calls.splice(at, 0, { ...call, operands: {}, attributes: {} });
  return { ...description, calls };
}

testVectors('rejects every operator for lanes of another kind', (t) => {
  for (const isa of vectorIsas) {
    const modes = ['train', 'gradients', 'evaluate', 'predict'] as const;
    const forSamples = modes.flatMap((mode) => describeAny(mode).calls);
    const forChannels = describeFewSamples(isa).calls;
    const wrong = { message: /expected an operator for lanes of samples/ };
    for (const call of forChannels.filter(({ op }) => !FOR_BOTH.includes(String(op)))) {
      t.throws(() => load(withCall({ ...describeAny('predict'), isa }, call)), wrong, String(call.op));
    }
    for (const call of forSamples.filter(({ op }) => !FOR_BOTH.includes(String(op)))) {
      const description = describeFewSamples(isa);
      // Calls of an update come last.
      const phase = call.phase === 'update' ? 'compute' : call.phase;
      const channels = { message: /expected an operator for lanes of channels/ };
      t.throws(() => load(withCall(description, { ...call, phase })), channels, String(call.op));
    }
    const ops = new Set(forChannels.map(({ op }) => op));
    // All that there are for channels alone.
    t.is([...ops].filter((op) => !FOR_BOTH.includes(String(op))).length, 8, [...ops].join());
  }
});

testVectors('rejects a program as a whole when its lanes are taken for those of the other kind', (t) => {
  for (const isa of vectorIsas) {
    t.throws(() => load({ ...describeFewSamples(isa), samplesPerGroup: 16 }), { message: /lanes of samples/ });
    t.throws(() => load({ ...describeAny('predict'), isa, samplesPerGroup: 1 }), { message: /lanes of channels/ });
  }
});

testVectors('rejects lanes of channels on scalar kernels', (t) => {
  for (const isa of vectorIsas) {
    t.throws(() => load({ ...describeFewSamples(isa), isa: 'scalar' }), { message: /instruction set with vectors/ });
  }
});

testVectors('rejects every operand of predictions of few samples that is missing, too small or no buffer', (t) => {
  for (const isa of vectorIsas) {
    let count = 0;
    for (const [index, { op, operands }] of describeFewSamples(isa).calls.entries()) {
      for (const name of Object.keys(operands)) {
        const broken = (change: (description: LooseDescription, operands: Record<string, unknown>) => void) => {
          const description = describeFewSamples(isa);
          change(description, description.calls[index]?.operands ?? {});
          return () => load(description);
        };
        const what = `${name} of ${op}`;
        const small = broken((d, own) => {
          own[name] = d.buffers.push({ ...d.buffers[own[name] as number], elements: 0 } as never) - 1;
        });
        t.throws(small, { instanceOf: Error }, `too small: ${what}`);
        t.throws(
          broken((d, own) => Object.assign(own, { [name]: d.buffers.length })),
          { instanceOf: Error },
          what,
        );
        // Without a mean it makes the scale of a gradient.
        if (!OPTIONAL.includes(name) && what !== 'mean of batchNormScale')
          t.throws(
            broken((_, own) => delete own[name]),
            { message: /expected an operand/ },
            what,
          );
        count++;
      }
    }
    t.true(count > 40, `${count}`);
  }
});
