// One number that is not finite among many that are, wherever it stands in what a call writes or leaves for the step to look through.
import { CallProgram, type VariableOperand } from '../helpers/call-program.js';
import { type Kernels, testEachKernel } from '../helpers/isas.js';

/** Whether a step of these calls, which write `result`, gets to its update. */
async function passes(program: CallProgram, result: VariableOperand, threads: number): Promise<boolean> {
  program.expectFinite(result);
  const [y, x] = [program.variable([1]), program.variable([2])];
  program.call('accumulate', { y, x }, { elements: 1 }, 'update');
  const read = await program.run(threads);
  return !program.metNonFinite && read(y)[0] === 3;
}

/** Numbers, of which one may not be finite. */
function numbers(count: number, place?: number, value = Number.NaN): Float32Array {
  const x = new Float32Array(count).fill(1e30);
  if (place !== undefined) x[place] = value;
  return x;
}

const VALUES = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** At both ends of everything: vectors, what is left of them, pieces of work. */
const placesOf = (count: number) =>
  [0, 1, 7, 8, 15, 16, 17, 31, 32, 16_383, 16_384, count - 9, count - 1].filter((place) => place >= 0 && place < count);

/** A step that reads `x`, for each of the calls that look at what they wrote, and for one that does not. */
const CALLS: Record<string, (kernels: Kernels, x: Float32Array) => [CallProgram, VariableOperand]> = {
  reduceBlocks: (kernels, x) => {
    const program = new CallProgram({ ...kernels, samples: 20 });
    const y = program.variable(x.length);
    program.call('reduceBlocks', { y, x: program.variable([...x, ...numbers(x.length)]) }, { elements: x.length });
    return [program, y];
  },
  accumulate: (kernels, x) => {
    const program = new CallProgram({ ...kernels, samples: 1 });
    const y = program.variable(numbers(x.length));
    program.call('accumulate', { y, x: program.variable(x) }, { elements: x.length });
    return [program, y];
  },
};

for (const [op, make] of Object.entries(CALLS)) {
  testEachKernel(`${op}: a step ends before its update for one number that is not finite`, async (t, kernels) => {
    for (const count of [1, 5, 16, 23, 100, 16_384 + 9]) {
      t.true(await passes(...make(kernels, numbers(count)), 2), `${count}`);
      for (const place of placesOf(count)) {
        for (const value of VALUES) {
          t.false(await passes(...make(kernels, numbers(count, place, value)), 2), `${value} at ${place} of ${count}`);
        }
      }
    }
  });
}

testEachKernel('reduceTaps: a step ends before its update for one number that is not finite', async (t, kernels) => {
  for (const [outputs, inputs, taps] of [
    [1, 1, 9],
    [5, 3, 25],
    [65, 64, 9],
  ] as const) {
    const count = outputs * inputs * taps;
    for (const place of [undefined, ...placesOf(count), Math.floor(count / 2)]) {
      const program = new CallProgram({ ...kernels, samples: 1 });
      const y = program.variable(count);
      program.call('reduceTaps', { y, x: program.variable(numbers(count, place)) }, { outputs, inputs, taps });
      t.is(await passes(program, y, 3), place === undefined, `${place} of ${inputs} to ${outputs}`);
    }
  }
});

testEachKernel(
  'denseWeightGradient: a step ends before its update for one sum that is too large',
  async (t, kernels) => {
    const most = kernels.element === 'float64' ? Number.MAX_VALUE : 3e38;
    for (const [outputs, inputs] of [
      [1, 1],
      [7, 16],
      [9, 37],
    ] as const) {
      for (const k of [-1, 0, 3, 4, outputs - 1]) {
        for (const c of [0, 15, 16, inputs - 1]) {
          if (k >= outputs || c >= inputs) continue;
          const samples = 18;
          // Their product is too large for one weight alone.
          const [x, dy] = [new Float64Array(samples * inputs), new Float64Array(samples * outputs)];
          x[17 * inputs + c] = most;
          if (k >= 0) dy[17 * outputs + k] = 3;
          const program = new CallProgram({ ...kernels, samples });
          const dw = program.variable(outputs * inputs);
          const operands = { dw, dy: program.gradient(dy), x: program.input(x) };
          program.call('denseWeightGradient', operands, { outputs, inputs });
          t.is(await passes(program, dw, 2), k < 0, `weight ${k}, ${c} of ${inputs} to ${outputs}`);
        }
      }
    }
  },
);
