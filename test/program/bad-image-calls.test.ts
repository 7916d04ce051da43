import test from 'ava';
import { layers } from 'cnnative';
import { Shift } from '#lib/layers/shift.js';
import { makeRoom } from '../helpers/mutation.js';
import { type LooseDescription, load } from '../helpers/native-program.js';
import { TestNetwork } from '../helpers/test-network.js';

const network = new TestNetwork(
  [2, 6, 5],
  [
    layers.conv2d({ filters: 3, kernelSize: 2 }),
    layers.maxPooling2d({ poolSize: 2, strides: 1, dilation: 2, ceilMode: true }),
    layers.zeroPadding2d({ padding: [1, 0, 2, 1] }),
    layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 1, countIncludePad: true }),
    layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
    layers.cropping2d({ cropping: [1, 0, 0, 1] }),
    new Shift(1),
    layers.adaptiveMaxPooling2d({ outputSize: [2, 3] }),
    layers.flatten(),
    layers.dense({ units: 3 }),
  ],
);
const OPS = [
  ...['maxPooling', 'maxPoolingGradient', 'averagePooling', 'averagePoolingGradient'],
  ...['resampling', 'resamplingGradient', 'reframe', 'shift', 'shiftGradient'],
];

function describe(): LooseDescription {
  return structuredClone(network.description('gradients', 20)) as unknown as LooseDescription;
}

/** The calls on images, each with a description of its own to spoil. */
function* spoilt() {
  for (const [index, { op }] of describe().calls.entries()) {
    if (!OPS.includes(String(op))) continue;
    yield {
      op: String(op),
      with: (change: (call: LooseDescription['calls'][number], description: LooseDescription) => void) => {
        const description = describe();
        change(description.calls[index] as LooseDescription['calls'][number], description);
        return () => load(description);
      },
    };
  }
}

test('calls on images load as they are, and each kind of them is there', (t) => {
  t.notThrows(() => load(describe()));
  t.deepEqual([...new Set([...spoilt()].map(({ op }) => op))].sort(), [...OPS].sort());
});

test('rejects every attribute of a call on images that is missing or no number', (t) => {
  let count = 0;
  for (const call of spoilt()) {
    call.with(({ attributes }) => {
      for (const name of Object.keys(attributes)) {
        for (const value of [undefined, 'x', -0.5, Number.NaN, 1e300, [1, 2]]) {
          const load = call.with((own) => {
            if (value === undefined) delete own.attributes[name];
            else own.attributes[name] = value;
          });
          t.throws(load, { instanceOf: Error }, `${call.op}: ${name} of ${value}`);
          count++;
        }
      }
    });
  }
  t.true(count > 500, `${count}`);
});

test('rejects every operand of a call on images that is missing or too small', (t) => {
  for (const call of spoilt()) {
    call.with(({ operands }) => {
      for (const name of Object.keys(operands)) {
        const missing = call.with((own) => delete own.operands[name]);
        t.throws(missing, { message: /expected an operand/ }, `${name} of ${call.op}`);
        const small = call.with((own, description) => {
          const buffer = description.buffers[own.operands[name] as number];
          own.operands[name] = description.buffers.push({ ...buffer, elements: 16 } as never) - 1;
        });
        t.throws(small, { message: /expected at least/ }, `${name} of ${call.op}`);
      }
    });
  }
});

test('rejects images that grow beyond their buffers, however many they could be', (t) => {
  const sizes = ['channels', 'height', 'width', 'outputHeight', 'outputWidth', 'scaleHeight', 'scaleWidth'];
  for (const call of spoilt()) {
    call.with(({ attributes }) => {
      for (const name of sizes.filter((size) => size in attributes)) {
        for (const value of [1000, 2 ** 20, 2 ** 24, 2 ** 31]) {
          const load = call.with((own, description) => {
            makeRoom(description);
            own.attributes[name] = value;
          });
          t.throws(load, { message: /expected/ }, `${call.op}: ${name} of ${value}`);
        }
      }
    });
  }
});

test('rejects pooling windows that hold nothing of the image', (t) => {
  for (const call of spoilt()) {
    if (!call.op.includes('Pooling')) continue;
    for (const change of [{ padTop: 3 }, { padLeft: 5 }, { strideHeight: 100 }, { strideWidth: 2 ** 31 }]) {
      const load = call.with(({ attributes }, description) => {
        makeRoom(description);
        Object.assign(attributes, { windows: 'sliding', poolHeight: 2, poolWidth: 2 });
        Object.assign(attributes, { strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 });
        Object.assign(attributes, { padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, countPadding: 0 }, change);
      });
      t.throws(load, { message: /hold a position of the image/ }, `${call.op}: ${JSON.stringify(change)}`);
    }
  }
});
