import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { at, randomValues } from '../helpers/values.js';

const LANES = 16;
/** Batches of one block, of several, and of the most there are, with whole and partial last ones. */
const BATCHES = [
  { samples: 1, groupsPerBlock: 1 },
  { samples: 33, groupsPerBlock: 1 },
  { samples: 7 * LANES, groupsPerBlock: 1 },
  { samples: 5 * LANES - 3, groupsPerBlock: 2 },
  { samples: 32 * LANES, groupsPerBlock: 1 },
];
const blocksOf = ({ samples, groupsPerBlock }: (typeof BATCHES)[number]) =>
  Math.ceil(Math.ceil(samples / LANES) / groupsPerBlock);

/** Sums over the blocks of what stands at the same place in each, and sums of the absolute values. */
function sumBlocks(x: Float32Array, blocks: number, placeOf: (i: number) => number) {
  const size = x.length / blocks;
  const [sums, sizes] = [new Float64Array(size), new Float64Array(size)];
  x.forEach((value, i) => {
    const place = placeOf(i % size);
    sums[place] = at(sums, place) + value;
    sizes[place] = at(sizes, place) + Math.abs(value);
  });
  return { sums, sizes };
}

testEachKernel('partial sums of all blocks are added', async (t, kernels, rounding) => {
  const random = new Philox(800);
  for (const batch of BATCHES) {
    // Vectors and what is left of them, and more elements than one piece of work has.
    for (const elements of [1, 7, 15, 16, 17, 33, 1000, 16_384 + 9]) {
      const blocks = blocksOf(batch);
      const x = randomValues(random, blocks * elements);
      const program = new CallProgram({ ...kernels, ...batch });
      const y = program.variable(elements);
      program.call('reduceBlocks', { y, x: program.variable(x) }, { elements });
      const { sums, sizes } = sumBlocks(x, blocks, (i) => i);
      isClose(t, `${elements} in ${blocks} blocks`, (await program.run())(y), sums, 16 * rounding, sizes);
    }
  }
});

testEachKernel('partial sums with the taps outermost are added and turned round', async (t, kernels, rounding) => {
  const random = new Philox(801);
  const channels = [
    [1, 1],
    [3, 5],
    [8, 16],
    [16, 8],
    [17, 6],
    [31, 49],
    // More than one piece of work.
    [64, 65],
  ] as const;
  const shapes = [9, 25].flatMap((taps) => channels.map(([outputs, inputs]) => ({ outputs, inputs, taps })));
  for (const batch of BATCHES) {
    for (const { outputs, inputs, taps } of shapes) {
      const blocks = blocksOf(batch);
      const x = randomValues(random, blocks * taps * inputs * outputs);
      const program = new CallProgram({ ...kernels, ...batch });
      const y = program.variable(taps * inputs * outputs);
      program.call('reduceTaps', { y, x: program.variable(x) }, { outputs, inputs, taps });
      const { sums, sizes } = sumBlocks(x, blocks, (i) => {
        const [tap, c, k] = [Math.floor(i / outputs / inputs), Math.floor(i / outputs) % inputs, i % outputs];
        return (k * inputs + c) * taps + tap;
      });
      const name = `${taps} taps, ${inputs} to ${outputs} in ${blocks} blocks`;
      isClose(t, name, (await program.run())(y), sums, 16 * rounding, sizes);
    }
  }
});

testEachKernel(
  'the gradient of a bias keeps its digits over a large image of equal values',
  async (t, kernels, rounding) => {
    const [samples, pixels] = [3, 200 * 201];
    const program = new CallProgram({ ...kernels, samples });
    const [partial, db] = [program.variable(1), program.variable(1)];
    const dy = new Float32Array(samples * pixels).fill(0.1);
    program.call('biasGradient', { db: partial, dy: program.gradient(dy) }, { channels: 1, pixels });
    program.call('reduceBlocks', { y: db, x: partial }, { elements: 1 });
    const sum = samples * pixels * Math.fround(0.1);
    isClose(t, 'db', (await program.run())(db), [sum], 256 * rounding, [sum]);
  },
);

testEachKernel('the gradient of a bias is a sum over pixels and samples', async (t, kernels, rounding) => {
  const random = new Philox(802);
  for (const { samples, groupsPerBlock } of BATCHES) {
    for (const [channels, pixels] of [
      [1, 1],
      [5, 3],
      [17, 9],
      [2, 63],
    ] as const) {
      const dy = randomValues(random, samples * channels * pixels);
      const blocks = blocksOf({ samples, groupsPerBlock });
      const program = new CallProgram({ ...kernels, samples, groupsPerBlock });
      const [partial, db] = [program.variable(blocks * channels), program.variable(channels)];
      program.call('biasGradient', { db: partial, dy: program.gradient(dy) }, { channels, pixels });
      program.call('reduceBlocks', { y: db, x: partial }, { elements: channels });
      const [sums, sizes] = [new Float64Array(channels), new Float64Array(channels)];
      dy.forEach((value, i) => {
        const channel = Math.floor(i / pixels) % channels;
        sums[channel] = at(sums, channel) + value;
        sizes[channel] = at(sizes, channel) + Math.abs(value);
      });
      const name = `${channels} x ${pixels}, ${samples} samples`;
      isClose(t, name, (await program.run())(db), sums, 16 * rounding, sizes);
    }
  }
});
