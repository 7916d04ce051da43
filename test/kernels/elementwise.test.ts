import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { toElement } from '../helpers/test-network.js';
import { at, randomValues } from '../helpers/values.js';

const SHAPES = [
  { samples: 1, features: 1 },
  { samples: 7, features: 3 },
  { samples: 16, features: 33 },
  { samples: 33, features: 225 },
];

testEachKernel('an addition is rounded once, with and without relu, wherever it writes', async (t, kernels) => {
  const { element = 'float32' } = kernels;
  const random = new Philox(900);
  for (const { samples, features } of SHAPES) {
    const [a, b] = [randomValues(random, samples * features), randomValues(random, samples * features, 1e-3)];
    for (const relu of [0, 1]) {
      const expected = toElement(
        element,
        Float64Array.from(a, (value, i) => (relu ? Math.max(0, value + at(b, i)) : value + at(b, i))),
      );
      for (const where of ['apart', 'a', 'b'] as const) {
        const program = new CallProgram({ ...kernels, samples });
        const operands = { a: program.input(a), b: program.input(b) };
        const y = where === 'apart' ? program.sample(features) : operands[where];
        program.call('add', { y, ...operands }, { features, relu });
        isClose(t, `${where}, relu ${relu}`, (await program.run())(y), expected, 0);
      }
    }
  }
});

testEachKernel('additions, scales and shifts pass NaN and infinities on', async (t, kernels) => {
  const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
  const [x, addend] = [
    [nan, 1, up, up, down, 2, -2],
    [1, nan, 1, down, 1, up, down],
  ];
  const sums = { 0: [nan, nan, up, nan, down, up, down], 1: [nan, nan, up, nan, 0, up, 0] };
  for (const relu of [0, 1] as const) {
    const program = new CallProgram({ ...kernels, samples: 1 });
    const [a, b] = [program.input(x ?? []), program.input(addend ?? [])];
    const [added, scaled] = [program.sample(a.features), program.sample(a.features)];
    const [scale, shift] = [program.variable([1]), program.variable([0])];
    program.call('add', { y: added, a, b }, { features: a.features, relu });
    program.call('scaleShift', { y: scaled, x: a, addend: b, scale, shift }, { channels: 1, pixels: a.features, relu });
    const results = await program.run();
    t.deepEqual([...results(added)], sums[relu], `relu ${relu}`);
    t.deepEqual([...results(scaled)], sums[relu], `relu ${relu}`);
  }
});

testEachKernel('parameters used twice gather both gradients', async (t, kernels) => {
  const { element = 'float32' } = kernels;
  const random = new Philox(901);
  // Also more than one piece of work.
  for (const elements of [1, 17, 16_384 + 5]) {
    const [first, second] = [randomValues(random, elements), randomValues(random, elements)];
    const program = new CallProgram({ ...kernels, samples: 1 });
    const y = program.variable(first);
    program.call('accumulate', { y, x: program.variable(second) }, { elements });
    const expected = toElement(
      element,
      Float64Array.from(first, (value, i) => value + at(second, i)),
    );
    isClose(t, `${elements} elements`, (await program.run())(y), expected, 0);
  }
});
