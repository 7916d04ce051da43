import { CnnativeError } from '#lib/errors/index.js';
import type { Philox } from '#lib/util/philox.js';
import { Draw } from './layer-draw.js';
import { type Drawn, type LayerKind, layerKinds } from './layer-kinds.js';

/** A layer with options drawn at random, and inputs that it can take. */
export interface MatrixCase extends Drawn {
  readonly kind: LayerKind;
  readonly name: string;
  readonly samples: number;
}

/** Lanes of channels for predictions up to 8, groups of 16, and odd ones. */
const SAMPLES = [1, 2, 3, 5, 8, 9, 16, 17, 19, 33];
const FEW_SAMPLES = [1, 3, 5];

/** Layers with many options, or kernels of several shapes, come so much oftener than others. */
const OFTEN: Partial<Record<LayerKind, number>> = {
  conv2d: 6,
  conv2dTranspose: 4,
  depthwiseConv2d: 3,
  separableConv2d: 3,
  maxPooling2d: 3,
  averagePooling2d: 3,
  dense: 3,
  activation: 3,
};

/** Images of many channels take long: few samples will do. */
const isWide = ([channels = 0, ...spatial]: readonly number[]) => channels >= 16 && spatial.length === 2;

/** All kinds, some of them several times. */
const TURNS = (Object.keys(layerKinds) as LayerKind[]).flatMap((kind) => Array<LayerKind>(OFTEN[kind] ?? 1).fill(kind));

/** Illegal draws in a row that would mean that a kind is refused whatever its options. */
const MOST_REFUSALS = 200;

/** Case number i of the matrix of a seed. Kinds come in turn; what a layer refuses is drawn again. */
export function matrixCase(random: Philox, i: number): MatrixCase {
  const draw = new Draw(random);
  const kind = TURNS[i % TURNS.length] as LayerKind;
  for (let refusals = 0; ; refusals++) {
    try {
      const { layer, inputShapes } = layerKinds[kind](draw);
      const [first = [], ...others] = inputShapes;
      layer.outputShape(kind, first, ...others);
      const least = layer.fewestSamples(first);
      const samples = Math.max(least, draw.of(isWide(first) ? FEW_SAMPLES : SAMPLES));
      const sizes = inputShapes.map((shape) => shape.join('x')).join(', ');
      const name = `case ${i}, ${samples} samples of ${sizes} to ${JSON.stringify(layer.config())}`;
      return { kind, name, layer, inputShapes, samples };
    } catch (error) {
      if (!(error instanceof CnnativeError) || refusals === MOST_REFUSALS) throw error;
    }
  }
}
