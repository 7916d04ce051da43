import { type Layer, layers } from 'cnnative';
import type { Draw } from './layer-draw.js';

export type LayerKind = keyof typeof layers;

/** A layer and the shapes of inputs for it, which it may refuse. */
export interface Drawn {
  readonly layer: Layer;
  readonly inputShapes: readonly (readonly number[])[];
}

type Kind = (draw: Draw) => Drawn;

const one = (inputShape: readonly number[], layer: Layer): Drawn => ({ inputShapes: [inputShape], layer });

const convolution = (draw: Draw) =>
  draw.some({
    strides: draw.size(1, 3),
    dilation: draw.size(1, 3),
    padding: draw.of(['valid', 'same', 'full', draw.int(0, 3), draw.sides(3)] as const),
    useBias: draw.yes(),
    activation: draw.elementwise(),
    ...draw.weights(),
  });

const narrowConv2d: Kind = (draw) => {
  const groups = draw.of([1, 1, 2, 3, 8]);
  const [channels, ...spatial] = draw.image(groups < 8 ? 6 : 2);
  const layer = layers.conv2d({
    filters: groups * draw.of(groups < 8 ? [1, 2, 3, 5, 8, 17] : [1, 2, 3]),
    kernelSize: draw.size(1, 4),
    ...(groups > 1 && { groups }),
    ...convolution(draw),
    ...draw.some({ flip: draw.yes() }),
  });
  return one([groups * channels, ...spatial], layer);
};

/** Wide enough for the algorithms of many channels: Winograd's, 1x1, blocks of channels. */
const wideConv2d: Kind = (draw) => {
  const layer = layers.conv2d({
    filters: draw.of([16, 18, 33]),
    kernelSize: draw.of([1, 3, 3, 3]),
    strides: draw.of([1, 1, 1, 2]),
    ...draw.some({ padding: draw.of(['same', 1] as const), flip: draw.int(0, 3) === 0, useBias: draw.yes() }),
    ...draw.some({ activation: draw.elementwise() }),
  });
  return one([draw.of([16, 17, 33]), draw.int(4, 6), draw.int(4, 6)], layer);
};

const transposed: Kind = (draw) => {
  const groups = draw.of([1, 1, 2, 8]);
  const [channels, ...spatial] = draw.image(groups < 8 ? 4 : 2);
  const layer = layers.conv2dTranspose({
    filters: groups * draw.int(1, 4),
    kernelSize: draw.size(1, 4),
    ...(groups > 1 && { groups }),
    ...convolution(draw),
    ...draw.some({ outputPadding: draw.size(0, 2) }),
  });
  return one([groups * channels, ...spatial], layer);
};

const pooling = (draw: Draw) =>
  draw.some({
    poolSize: draw.size(1, 4),
    strides: draw.size(1, 3),
    padding: draw.of(['valid', 'same', draw.int(0, 2), draw.sides(2)] as const),
    ceilMode: draw.yes(),
  });

const normalization = (draw: Draw) =>
  draw.some({ epsilon: draw.of([1e-5, 1e-3, 0.1]), scale: draw.yes(), center: draw.yes() });

const random = (draw: Draw) => draw.some({ seed: draw.int(0, 99) });

/** Two to four inputs of one shape. */
const merging =
  (layer: () => Layer): Kind =>
  (draw) => {
    const shape = draw.anyShape();
    return { inputShapes: Array.from({ length: draw.int(2, 4) }, () => shape), layer: layer() };
  };

const elementwise =
  (layer: (draw: Draw) => Layer): Kind =>
  (draw) =>
    one(draw.anyShape(), layer(draw));

/** Every layer there is, each with all of its options. */
export const layerKinds: Record<LayerKind, Kind> = {
  conv2d: (draw) => (draw.yes() ? narrowConv2d : wideConv2d)(draw),
  conv2dTranspose: transposed,
  depthwiseConv2d: (draw) => {
    const depth = draw.some({ depthMultiplier: draw.int(1, 3) });
    return one(draw.image(18), layers.depthwiseConv2d({ kernelSize: draw.size(1, 4), ...convolution(draw), ...depth }));
  },
  separableConv2d: (draw) => {
    const depth = draw.some({ depthMultiplier: draw.int(1, 3) });
    const [filters, kernelSize] = [draw.int(1, 18), draw.size(1, 3)];
    return one(draw.image(), layers.separableConv2d({ filters, kernelSize, ...convolution(draw), ...depth }));
  },
  maxPooling2d: (draw) =>
    one(draw.image(), layers.maxPooling2d({ ...pooling(draw), ...draw.some({ dilation: draw.size(1, 3) }) })),
  averagePooling2d: (draw) =>
    one(draw.image(), layers.averagePooling2d({ ...pooling(draw), ...draw.some({ countIncludePad: draw.yes() }) })),
  adaptiveMaxPooling2d: (draw) => one(draw.image(), layers.adaptiveMaxPooling2d({ outputSize: draw.size(1, 7) })),
  adaptiveAveragePooling2d: (draw) =>
    one(draw.image(), layers.adaptiveAveragePooling2d({ outputSize: draw.size(1, 7) })),
  globalMaxPooling2d: (draw) => one(draw.image(18), layers.globalMaxPooling2d()),
  globalAveragePooling2d: (draw) => one(draw.image(18), layers.globalAveragePooling2d()),
  upSampling2d: (draw) =>
    one(
      draw.image(),
      layers.upSampling2d(
        draw.some({ size: draw.size(1, 3), interpolation: draw.of(['nearest', 'bilinear', 'bilinear'] as const) }),
      ),
    ),
  zeroPadding2d: (draw) =>
    one(
      draw.image(),
      layers.zeroPadding2d(draw.some({ padding: draw.of([draw.int(0, 2), draw.pair(0, 3), draw.sides(3)]) })),
    ),
  cropping2d: (draw) =>
    one(draw.image(), layers.cropping2d({ cropping: draw.of([draw.int(0, 2), draw.pair(0, 3), draw.sides(3)]) })),
  batchNormalization: (draw) =>
    one(
      draw.anyShape(),
      layers.batchNormalization({ ...normalization(draw), ...draw.some({ momentum: draw.of([0, 0.5, 1]) }) }),
    ),
  layerNormalization: elementwise((draw) => layers.layerNormalization(normalization(draw))),
  groupNormalization: (draw) => {
    const groups = draw.int(1, 3);
    const [channels = 1, ...spatial] = draw.anyShape();
    return one([channels * groups, ...spatial], layers.groupNormalization({ groups, ...normalization(draw) }));
  },
  instanceNormalization: (draw) => one(draw.image(), layers.instanceNormalization(normalization(draw))),
  localResponseNormalization: (draw) =>
    one(
      draw.image(9),
      layers.localResponseNormalization(
        draw.some({
          size: draw.int(1, 7),
          alpha: draw.of([0, 1e-3, 0.5]),
          beta: draw.of([0, 0.5, 0.75, 1, 1.3]),
          k: draw.of([0.5, 2]),
        }),
      ),
    ),
  add: merging(() => layers.add()),
  multiply: merging(() => layers.multiply()),
  average: merging(() => layers.average()),
  maximum: merging(() => layers.maximum()),
  concatenate: (draw) => {
    const shape = draw.anyShape();
    const axis = draw.int(0, shape.length - 1);
    const inputShapes = Array.from({ length: draw.int(2, 4) }, () =>
      shape.map((size, i) => (i === axis ? draw.int(1, 18) : size)),
    );
    return { inputShapes, layer: layers.concatenate(axis === 0 ? draw.some({ axis }) : { axis }) };
  },
  reshape: (draw) => {
    const shape = draw.anyShape();
    const open = draw.int(0, shape.length - 1);
    const turned = [...shape].reverse().map((size, i) => (i === open && draw.yes() ? -1 : size));
    return one(shape, layers.reshape({ targetShape: turned }));
  },
  permute: (draw) => {
    const shape = draw.anyShape();
    const left = [...shape.keys()];
    const axes = shape.map(() => left.splice(draw.int(0, left.length - 1), 1)[0] ?? 0);
    return one(shape, layers.permute({ axes }));
  },
  dense: (draw) => {
    const options = draw.some({
      useBias: draw.yes(),
      activation: draw.int(0, 3) ? draw.elementwise() : draw.overClasses(),
      ...draw.weights(),
    });
    return one([draw.int(1, 70)], layers.dense({ units: draw.int(1, 50), ...options }));
  },
  flatten: elementwise(() => layers.flatten()),
  activation: (draw) =>
    draw.int(0, 3)
      ? one(draw.anyShape(), layers.activation({ activation: draw.elementwise() }))
      : one(draw.row(), layers.activation({ activation: draw.overClasses() })),
  linear: elementwise(() => layers.linear()),
  relu: elementwise(() => layers.relu()),
  relu6: elementwise(() => layers.relu6()),
  leakyRelu: elementwise((draw) => layers.leakyRelu(draw.some({ negativeSlope: draw.of([0, 0.2, 1.5]) }))),
  elu: elementwise((draw) => layers.elu(draw.some({ alpha: draw.of([0, 0.5, 2]) }))),
  selu: elementwise(() => layers.selu()),
  gelu: elementwise(() => layers.gelu()),
  geluTanh: elementwise(() => layers.geluTanh()),
  silu: elementwise(() => layers.silu()),
  mish: elementwise(() => layers.mish()),
  hardSwish: elementwise(() => layers.hardSwish()),
  hardSigmoid: elementwise(() => layers.hardSigmoid()),
  sigmoid: elementwise(() => layers.sigmoid()),
  tanh: elementwise(() => layers.tanh()),
  softplus: elementwise(() => layers.softplus()),
  softsign: elementwise(() => layers.softsign()),
  softmax: (draw) => one(draw.row(), layers.softmax()),
  logSoftmax: (draw) => one(draw.row(), layers.logSoftmax()),
  prelu: elementwise((draw) => layers.prelu(draw.some({ shared: draw.yes() }))),
  dropout: elementwise((draw) => layers.dropout({ rate: draw.of([0, 0.3, 0.6]), ...random(draw) })),
  spatialDropout2d: (draw) =>
    one(draw.image(), layers.spatialDropout2d({ rate: draw.of([0, 0.3, 0.6]), ...random(draw) })),
  rescaling: elementwise((draw) =>
    layers.rescaling({ scale: draw.of([1 / 9, -2, 0]), ...draw.some({ offset: draw.of([0.5, -3]) }) }),
  ),
  gaussianNoise: elementwise((draw) => layers.gaussianNoise({ stddev: draw.of([0, 0.5]), ...random(draw) })),
};
