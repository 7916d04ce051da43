import { layers } from 'cnnative';
import { testVectors, vectorIsas } from '../helpers/isas.js';
import { makeRoom } from '../helpers/mutation.js';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';

type LooseCall = LooseDescription['calls'][number];

const network = new TestNetwork([16, 9, 8], [layers.conv2d({ filters: 16, kernelSize: 3 }), layers.flatten()]);

function describe(): LooseDescription {
  const [isa = 'scalar'] = vectorIsas;
  return structuredClone(network.description('gradients', 4, { isa })) as unknown as LooseDescription;
}

const OPS = ['splitRows', 'joinRows'];

/** Loads a description of which the first call of an operator was changed. */
function loadWith(op: string, change: (call: LooseCall, description: LooseDescription) => void): () => void {
  const description = describe();
  change(description.calls.find((call) => call.op === op) as LooseCall, description);
  return () => load(description);
}

testVectors('rejects every attribute of row bands that is missing or no number', (t) => {
  t.notThrows(() => load(describe()));
  for (const op of OPS) {
    for (const name of ['channels', 'height', 'width', 'bands', 'rows', 'distance', 'first']) {
      for (const value of [undefined, 'x', -0.5, Number.NaN, 1e300, [1, 2]]) {
        const spoilt = loadWith(op, ({ attributes }) => {
          if (value === undefined) delete attributes[name];
          else attributes[name] = value;
        });
        t.throws(spoilt, { instanceOf: Error }, `${op}: ${name} of ${value}`);
      }
    }
  }
});

testVectors('rejects numbers of bands that do not share the lanes out', (t) => {
  for (const op of OPS) {
    for (const bands of [-2, 0, 1, 3, 5, 6, 12, 15, 17, 32]) {
      t.throws(
        loadWith(op, ({ attributes }) => Object.assign(attributes, { bands })),
        { message: /bands/ },
        `${op}: ${bands}`,
      );
    }
  }
});

testVectors('rejects bands to be joined that overlap, leave gaps or lack rows of the image', (t) => {
  for (const change of [{ first: 1 }, { first: -1 }, { distance: 1 }, { distance: 9 }, { rows: 1, distance: 1 }]) {
    const spoilt = loadWith('joinRows', ({ attributes }) => Object.assign(attributes, change));
    t.throws(spoilt, { message: /follow one another/ }, JSON.stringify(change));
  }
});

testVectors('rejects operands of row bands that are missing, too small or outgrown', (t) => {
  for (const op of OPS) {
    for (const name of ['x', 'y']) {
      t.throws(
        loadWith(op, ({ operands }) => delete operands[name]),
        { message: /expected an operand/ },
      );
      const small = loadWith(op, ({ operands }, { buffers }) => {
        const buffer = buffers[operands[name] as number];
        operands[name] = buffers.push({ ...buffer, elements: 16 } as never) - 1;
      });
      t.throws(small, { message: /expected at least/ }, `${op}: ${name}`);
    }
    for (const name of ['channels', 'height', 'width', 'rows']) {
      for (const value of [1000, 2 ** 20, 2 ** 31]) {
        const outgrown = loadWith(op, ({ attributes }, description) => {
          makeRoom(description);
          attributes[name] = value;
        });
        t.throws(outgrown, { message: /expected/ }, `${op}: ${name} of ${value}`);
      }
    }
  }
});
