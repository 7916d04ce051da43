import type { Attributes } from '../program/description.js';
import { splitSeed } from '../util/philox.js';
import { augmentationStream } from '../util/random-stream.js';
import { type Augmentation, type ImageInput, StepKind } from './augmentation.js';
import { borderNumber, type Fill, fillValues } from './border.js';

const NO_FILL: Fill = { mode: 'zero', value: [] };
/** Rotation, shift and scale, one after another with one border, are one resampling. */
const MAPS: readonly number[] = [StepKind.rotation, StepKind.shift, StepKind.scale];

/** Attributes of the native calls that augment, and mix targets. */
export function augmentAttributes(
  who: string,
  augment: readonly Augmentation[],
  image: ImageInput,
  seed: number,
): Attributes {
  const [key0, key1] = splitSeed(seed);
  const steps = augment.map((augmentation) => augmentation.stepFor(who, image));
  const fills = steps.map(({ fill = NO_FILL }, i) =>
    fillValues(`${who}: augmentations.${augment[i]?.type}`, fill, image),
  );
  const numbers = steps.map(({ kind, a = 0, b = 0, flag = false, fill = NO_FILL }, i) => {
    const before = steps[i - 1];
    const joins =
      MAPS.includes(kind) && before !== undefined && MAPS.includes(before.kind) && sameFill(before.fill, fill);
    const threshold = Math.round((augment[i]?.probability ?? 1) * 2 ** 24);
    return [kind, augmentationStream(i), threshold, borderNumber(fill), a, b, flag || joins ? 1 : 0];
  });
  return {
    channels: image.channels,
    height: image.height,
    width: image.width,
    key0,
    key1,
    count: steps.length,
    steps: numbers.flat(),
    fillBytes: fills.flatMap(({ bytes }) => bytes),
    fillFloats: fills.flatMap(({ floats }) => floats),
  };
}

function sameFill(a: Fill | undefined, b: Fill): boolean {
  return a?.mode === b.mode && String(a.value) === String(b.value);
}
