// Lists of shapes: text files, a shape a line, `#` begins a comment.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Convolutions from a list such as bench/shapes/lenet.txt. A line is
 *
 *     BATCH  INPUTS->OUTPUTS  RxS  HxW  [stride N] [pad N] [groups N] [dilation N] [transposed 1]
 */
export function readConvolutions(path) {
  return parseLines(path, parseConvolution);
}

/**
 * Layers from a list such as bench/layers.txt. A line is
 *
 *     BATCH  batchNormalization|addRelu  CxHxW
 *     BATCH  maxPooling|averagePooling   CxHxW  size N  [stride N]
 *     BATCH  dense                       FEATURES  units N
 */
export function readLayers(path) {
  return parseLines(path, parseLayer);
}

export function parseConvolution(line) {
  const [batch, channels, kernel, image, ...options] = line.trim().split(/\s+/);
  const [, inputs, outputs] = /^(\d+)->(\d+)$/.exec(channels ?? '') ?? wrong('INPUTS->OUTPUTS', channels);
  return {
    name: [channels, kernel, image, ...options].join(' '),
    batch: positive('BATCH', batch),
    inputs: Number(inputs),
    outputs: Number(outputs),
    kernel: sizes('RxS', kernel, 2),
    image: sizes('HxW', image, 2),
    ...pairs(options, { stride: 1, pad: 0, groups: 1, dilation: 1, transposed: 0 }),
  };
}

const LAYER_OPTIONS = {
  batchNormalization: {},
  addRelu: {},
  maxPooling: { size: 2, stride: 0 },
  averagePooling: { size: 2, stride: 0 },
  dense: { units: 10 },
};

export function parseLayer(line) {
  const [batch, kind, shape, ...options] = line.trim().split(/\s+/);
  const known = LAYER_OPTIONS[kind] ?? wrong(Object.keys(LAYER_OPTIONS).join(', '), kind);
  const { stride, ...rest } = pairs(options, known);
  return {
    name: [kind, shape, ...options].join(' '),
    batch: positive('BATCH', batch),
    kind,
    shape: sizes(kind === 'dense' ? 'FEATURES' : 'CxHxW', shape, kind === 'dense' ? 1 : 3),
    ...rest,
    ...(stride === undefined ? {} : { stride: stride || rest.size }),
  };
}

/** Multiply-adds of a batch in one direction: every direction has as many. */
export function multiplyAdds({ batch, inputs, outputs, kernel, image, stride, pad, groups, dilation, transposed }) {
  // A transposed convolution takes the kernel to every pixel of its input.
  const [rows, columns] = image.map((length, axis) =>
    transposed ? length : places(length + 2 * pad, dilation * (kernel[axis] - 1) + 1, stride),
  );
  return batch * outputs * (inputs / groups) * kernel[0] * kernel[1] * rows * columns;
}

function places(length, size, stride) {
  return Math.floor((length - size) / stride) + 1;
}

/**
 * Bytes that the definition of a layer's passes moves, whatever an implementation does: every tensor that is read or written, once.
 * A batch normalisation that reads its input twice (statistics, then values) is counted as reading it once.
 */
export function nominalBytes({ kind, batch, shape, size, stride, units }) {
  const x = batch * shape.reduce((a, b) => a * b);
  const pooled = () => batch * shape[0] * places(shape[1], size, stride) * places(shape[2], size, stride);
  const elements = {
    batchNormalization: () => ({ forward: 2 * x, backward: 3 * x }), // x, y; x, dy, dx
    addRelu: () => ({ forward: 3 * x, backward: 3 * x }), // a, b, y; y, dy, the gradient of both
    maxPooling: () => ({ forward: x + pooled(), backward: 2 * x + pooled() }), // x, y; x, dy, dx
    averagePooling: () => ({ forward: x + pooled(), backward: x + pooled() }), // x, y; dy, dx
    dense: () => {
      const [y, w] = [batch * units, shape[0] * units];
      return { forward: x + y + w, backward: 2 * x + y + 2 * w }; // x, w, y; x, w, dy, dx, dw
    },
  }[kind]();
  return { forward: 4 * elements.forward, backward: 4 * elements.backward };
}

function parseLines(path, parse) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line, i) => ({ text: line.replace(/#.*/, '').trim(), number: i + 1 }))
    .filter(({ text }) => text !== '')
    .map(({ text, number }) => {
      try {
        return { list: basename(path, '.txt'), ...parse(text) };
      } catch (error) {
        throw new Error(`${path}, line ${number}: ${error.message} bench/README.md has the form of a line.`);
      }
    });
}

/** `stride 2 pad 1` as numbers by name, with defaults for those that are missing. */
function pairs(words, defaults) {
  const given = {};
  for (let i = 0; i < words.length; i += 2) {
    if (!(words[i] in defaults)) wrong(Object.keys(defaults).join(', ') || 'no more options', words[i]);
    const value = Number(words[i + 1]);
    given[words[i]] =
      Number.isSafeInteger(value) && value >= 0 ? value : wrong(`a number after ${words[i]}`, words[i + 1]);
  }
  return { ...defaults, ...given };
}

function sizes(form, text, count) {
  const found = (text ?? wrong(form, text)).split('x').map((size) => positive(form, size, text));
  return found.length === count ? found : wrong(form, text);
}

function positive(form, text, whole = text) {
  return /^[1-9]\d*$/.test(text ?? '') ? Number(text) : wrong(form, whole);
}

function wrong(expected, received) {
  throw new Error(`expected ${expected}, received ${received === undefined ? 'nothing' : `'${received}'`}.`);
}
