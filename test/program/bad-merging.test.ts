import test from 'ava';
import { layers, optimizers } from 'cnnative';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';

/** Forward and backward, every call that normalises samples, merges or rearranges. */
const network = new TestNetwork([4, 3, 5], (input) => {
  const conv = () => layers.conv2d({ filters: 4, kernelSize: 3, padding: 1 }).apply(input);
  const normal = [
    layers.layerNormalization().apply(conv()),
    layers.groupNormalization({ groups: 2 }).apply(conv()),
    layers.localResponseNormalization().apply(conv()),
  ];
  const merged = [layers.multiply(), layers.average(), layers.maximum()].map((layer) => layer.apply(normal));
  const turned = layers.permute({ axes: [2, 0, 1] }).apply(layers.concatenate({ axis: 1 }).apply(merged));
  return layers.dense({ units: 3 }).apply(layers.flatten().apply(turned));
});

const OPERATORS = [
  ...['groupNorm', 'groupNormGradient', 'groupNormGradientSums', 'responseNorm', 'responseNormGradient'],
  ...['multiply', 'maximum', 'maximumGradient', 'scale', 'copyRows', 'permute'],
];
/** Operands that calls may do without, and attributes that may be any number. */
const OPTIONAL = ['gamma', 'beta', 'dgamma', 'dbeta'];
const ANY_NUMBER = ['epsilon', 'alpha', 'beta', 'k', 'factor', 'offset'];

const good = network.description('train', 40, { optimizer: optimizers.sgd() });
const describe = () => structuredClone(good) as unknown as LooseDescription;

type LooseCall = LooseDescription['calls'][number];

/** Calls visit for each call of the operators, with a way to load the description after a change of this call. */
function eachCall(
  visit: (
    op: string,
    call: LooseCall,
    broken: (change: (call: LooseCall, d: LooseDescription) => void) => void,
  ) => void,
): void {
  describe().calls.forEach((call, index) => {
    if (!OPERATORS.includes(String(call.op))) return;
    visit(String(call.op), call, (change) => {
      const description = describe();
      change(description.calls[index] as LooseCall, description);
      load(description);
    });
  });
}

test('a good description has every call, and loads', (t) => {
  t.notThrows(() => load(describe()));
  const ops = describe().calls.map(({ op }) => String(op));
  t.deepEqual(
    OPERATORS.filter((op) => !ops.includes(op)),
    [],
  );
});

test('rejects operands that are missing, too small, elsewhere or no buffer', (t) => {
  eachCall((op, { operands }, broken) => {
    for (const name of Object.keys(operands)) {
      const what = `${name} of ${op}`;
      const change = (part: object) => () =>
        broken((call, d) => {
          const before = d.buffers[call.operands[name] as number];
          call.operands[name] = d.buffers.push({ ...before, ...part } as never) - 1;
        });
      t.throws(change({ elements: 1 }), { message: /elements for|outside|memory|buffer/ }, `too small: ${what}`);
      t.throws(change({ element: 'int32' }), { instanceOf: Error }, `of another type: ${what}`);
      const none = () => broken((call, d) => Object.assign(call.operands, { [name]: d.buffers.length }));
      t.throws(none, { instanceOf: Error }, `no buffer: ${what}`);
      if (OPTIONAL.includes(name) || OPTIONAL.includes(what)) continue;
      t.throws(() => broken((call) => delete call.operands[name]), { message: /expected an operand/ }, what);
    }
  });
});

test('rejects attributes that are missing, no numbers, negative, fractions or huge', (t) => {
  eachCall((op, { attributes }, broken) => {
    for (const [name, value] of Object.entries(attributes)) {
      const set = (wrong: unknown) => () =>
        broken((call) => {
          call.attributes[name] = Array.isArray(value) ? value.map(() => wrong) : wrong;
        });
      const what = `${name} of ${op}`;
      t.throws(() => broken((call) => delete call.attributes[name]), { message: /expected an attribute/ }, what);
      for (const wrong of ['x', null, {}]) t.throws(set(wrong), { instanceOf: Error }, `${wrong} for ${what}`);
      if (ANY_NUMBER.includes(name)) continue;
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 31, 2 ** 53, Number.POSITIVE_INFINITY]) {
        if (name === 'size' && wrong === 2 ** 31) continue; // a window may be wider than all channels
        t.throws(set(wrong), { instanceOf: Error }, `${wrong} for ${what}`);
      }
    }
  });
});
