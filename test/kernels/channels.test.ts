import { input, layers, model } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { CallProgram } from '../helpers/call-program.js';
import { blockFeatures, fromBlocks, toBlocks } from '../helpers/channel-blocks.js';
import { isClose } from '../helpers/closeness.js';
import { testEachVectorIsa } from '../helpers/isas.js';
import { averagePooling } from '../helpers/reference/average-pooling.js';
import { maxPooling } from '../helpers/reference/max-pooling.js';
import { axesOf, positions } from '../helpers/reference/sliding.js';
import { TestNetwork } from '../helpers/test-network.js';
import { at, randomValues } from '../helpers/values.js';

const ROUNDING = 2 ** -24;
/** One channel, parts of a block, whole blocks, and whole ones with a rest; pixels in runs of 16 and beside them. */
const SHAPES = [
  { samples: 1, channels: 1, pixels: 1 },
  { samples: 2, channels: 6, pixels: 35 },
  { samples: 5, channels: 16, pixels: 16 },
  { samples: 1, channels: 17, pixels: 33 },
  { samples: 3, channels: 48, pixels: 49 },
] as const;

testEachVectorIsa('every channel of a block is scaled and shifted by its own', async (t, isa) => {
  const random = new Philox(710);
  for (const shape of SHAPES) {
    for (const [hasAddend, relu] of [
      [false, false],
      [true, true],
      [true, false],
    ] as const) {
      const { samples, channels, pixels } = shape;
      const x = randomValues(random, samples * channels * pixels);
      const [scale, shift] = [randomValues(random, channels, 2), randomValues(random, channels, 2)];
      const addend = hasAddend ? randomValues(random, x.length, 2) : undefined;
      const program = new CallProgram({ isa, samples, samplesPerGroup: 1 });
      const y = program.sample(blockFeatures(shape));
      const padded = (values: Float32Array) => program.variable(toBlocks({ samples: 1, channels, pixels: 1 }, values));
      const operands = { y, x: program.input(toBlocks(shape, x)), scale: padded(scale), shift: padded(shift) };
      program.call(
        'channelScaleShift',
        addend ? { ...operands, addend: program.input(toBlocks(shape, addend)) } : operands,
        { channels, pixels, relu: relu ? 1 : 0 },
      );
      const [expected, size] = [new Float64Array(x.length), new Float64Array(x.length)];
      x.forEach((value, i) => {
        const c = Math.floor(i / pixels) % channels;
        const terms = [value * at(scale, c), at(shift, c), addend?.[i] ?? 0];
        const sum = terms.reduce((all, term) => all + term, 0);
        expected[i] = relu ? Math.max(0, sum) : sum;
        size[i] = terms.reduce((all, term) => all + Math.abs(term), 0);
      });
      const actual = fromBlocks(shape, (await program.run(3))(y));
      isClose(t, JSON.stringify(shape), actual, expected, 2 * ROUNDING, size);
    }
  }
});

testEachVectorIsa('flattening puts blocks of channels into the order of the channels', async (t, isa) => {
  for (const shape of SHAPES) {
    const x = Float32Array.from({ length: shape.samples * shape.channels * shape.pixels }, (_, i) => i);
    const program = new CallProgram({ isa, samples: shape.samples, samplesPerGroup: 1 });
    const y = program.sample(shape.channels * shape.pixels);
    const { channels, pixels } = shape;
    program.call('flatten', { y, x: program.input(toBlocks(shape, x)) }, { channels, pixels });
    t.deepEqual((await program.run())(y), x, JSON.stringify(shape));
  }
});

testEachVectorIsa('blocks of channels are pooled as planes are', async (t, isa) => {
  const random = new Philox(711);
  for (const { channels, image, size, strides, padding, samples } of [
    { channels: 3, image: [5, 7], size: [2, 2], strides: [2, 2], padding: 'valid', samples: 1 },
    { channels: 17, image: [7, 6], size: [3, 3], strides: [2, 1], padding: 1, samples: 5 },
    { channels: 32, image: [9, 19], size: [2, 3], strides: [3, 2], padding: 'same', samples: 2 },
    { channels: 24, image: [4, 5], size: [4, 5], strides: [1, 1], padding: 'valid', samples: 8 },
  ] as const) {
    const shape = [channels, ...image];
    const [rows, columns] = axesOf(image, size, strides, padding);
    const x = randomValues(random, samples * sizeOf(shape));
    const outputs = samples * channels * positions(rows) * positions(columns);
    const planes = { planes: samples * channels, rows, columns };
    const options = { poolSize: size, strides, padding };
    const largest = new TestNetwork(shape, [layers.maxPooling2d(options)]);
    const actual = await largest.predict([], x, { isa, threads: 3 });
    t.deepEqual(actual, Float32Array.from(maxPooling(planes, x).y), `largest of ${channels}`);
    const mean = await new TestNetwork(shape, [layers.averagePooling2d(options)]).predict([], x, { isa, threads: 3 });
    const { y, sizes } = averagePooling(planes, x, new Float64Array(outputs));
    isClose(t, `mean of ${channels}`, mean, y, 20 * ROUNDING, sizes.y);
  }
});

const FUNCTIONS = {
  relu: (x: number) => Math.max(0, x),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

testEachVectorIsa('sums and activations reach every channel of a block', async (t, isa) => {
  const random = new Philox(712);
  for (const shape of [[1, 3, 3], [17, 2, 5], [32, 1, 1], [5], [33]]) {
    for (const [activation, f] of Object.entries(FUNCTIONS)) {
      const network = new TestNetwork(
        shape,
        (a, b) =>
          layers
            .activation({ activation: activation as keyof typeof FUNCTIONS })
            .apply(layers.add().apply([a, b as typeof a])),
        shape,
      );
      const samples = 3;
      const x = randomValues(random, samples * network.features, 3);
      const size = sizeOf(shape);
      const expected = Float64Array.from({ length: samples * size }, (_, i) => {
        const first = Math.floor(i / size) * network.features + (i % size);
        return f(Math.fround(at(x, first) + at(x, first + size)));
      });
      const actual = await network.predict([], x, { isa, threads: 2 });
      isClose(t, `${activation} of ${shape}`, actual, expected, 8 * ROUNDING, expected.map(Math.abs));
    }
  }
});

testEachVectorIsa(
  'samples of every type are gathered in blocks, each input by its own scale and shift',
  async (t, isa) => {
    const [samples, shape, row] = [5, [17, 3, 7], [19]];
    const channels = Array.from({ length: 17 }, (_, c) => c);
    const [mean, std] = [channels.map((c) => 0.1 + c / 40), channels.map((c) => 0.2 + c / 20)];
    const image = input({ shape, mean, std, name: 'image' });
    const numbers = input({ shape: row, name: 'numbers' });
    const flat = layers.flatten().apply(image);
    // Weights of one to see what was gathered, and a second input beside it.
    const network = model({
      inputs: [image, numbers],
      outputs: layers
        .add()
        .apply([
          layers.dense({ units: 357, name: 'pick' }).apply(flat),
          layers.dense({ units: 357, name: 'other', useBias: false }).apply(numbers),
        ]),
    });
    const unit = (size: number, columns: number) =>
      Float32Array.from({ length: size * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 1 : 0));
    await network.setWeights({
      'pick/kernel': unit(357, 357),
      'pick/bias': new Float32Array(357),
      'other/kernel': unit(357, 19),
    });
    const bytes = Uint8Array.from({ length: samples * 357 }, (_, i) => (i * 37) % 256);
    const floats = randomValues(new Philox(713), samples * 357);
    const others = randomValues(new Philox(714), samples * 19);
    const isByte = (values: Uint8Array | Float32Array): values is Uint8Array => values instanceof Uint8Array;
    for (const pixels of [bytes, floats]) {
      const expected = Float64Array.from(pixels, (value, i) => {
        const c = Math.floor((i % 357) / 21);
        const own = isByte(pixels) ? (value / 255 - at(mean, c)) / at(std, c) : value;
        return own + (i % 357 < 19 ? at(others, Math.floor(i / 357) * 19 + (i % 357)) : 0);
      });
      const { data } = await network.predict([pixels, others], { isa });
      isClose(t, isByte(pixels) ? 'bytes' : 'floats', data, expected, 4 * ROUNDING);
    }
    // Doubles come from inner callers alone; they are rounded once.
    const plain = new TestNetwork(shape, [layers.maxPooling2d({ poolSize: 1 })]);
    const doubles = Float64Array.from({ length: samples * 357 }, (_, i) => Math.sin(i));
    t.deepEqual(await plain.predict([], doubles, { isa }), Float32Array.from(doubles));
  },
);
