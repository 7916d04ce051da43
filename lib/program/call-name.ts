import type { Attributes, CallDescription } from './description.js';
import { winogradTile } from './operations/convolution-algorithm.js';

const DIRECTIONS: Readonly<Record<string, string>> = {
  DataGradient: 'data gradient',
  WeightGradient: 'weight gradient',
};

/** The way back of a convolution is a transposed one's way forward. */
const TRANSPOSED: Readonly<Record<string, string>> = { '': 'data gradient', WeightGradient: 'weight gradient' };

/**
 * What a call does, for people. Of convolutions and dense layers the algorithm, the direction and what is done on the way
 * out: `winograd F(4x4,3x3) forward + relu`, `depthwise 3x3 data gradient`; of all others the operator's name in words.
 */
export function callName(call: CallDescription): string {
  const { op, operands } = call;
  const [, kind, direction] =
    /^(winogradConvolution|winograd|pointwiseConvolution|pointwise|convolution|channelConvolution|channelWinogradConvolution|dense)(DataGradient|WeightGradient)?$/.exec(
      op,
    ) ?? [];
  if (kind === undefined) return op.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const { relu = 0, activation = relu === 1 ? 'relu' : 'linear', transposed = 0, bands = 1 } = call.attributes;
  const way = transposed === 1 ? TRANSPOSED[direction ?? ''] : DIRECTIONS[direction ?? ''];
  const name = `${transposed === 1 ? 'transposed ' : ''}${algorithmOf(call, kind)} ${way ?? 'forward'}${bands === 1 ? '' : ` in ${bands} bands`}`;
  return [name, ...('addend' in operands ? ['add'] : []), ...(activation === 'linear' ? [] : [activation])].join(' + ');
}

function algorithmOf({ attributes }: CallDescription, kind: string): string {
  if (kind === 'dense') return 'dense';
  if (kind.startsWith('winograd')) return winogradOf(attributes);
  if (kind.startsWith('channel')) {
    return `lanes of channels, ${kind.includes('Winograd') ? winogradOf(attributes) : directOf(attributes)}`;
  }
  return kind.startsWith('pointwise') ? `pointwise${strideOf(attributes)}` : directOf(attributes);
}

function winogradOf({ kernelSize }: Attributes): string {
  const tile = winogradTile(Array.isArray(kernelSize) ? kernelSize[0] : undefined);
  return `winograd F(${tile}x${tile},${times(kernelSize)})`;
}

function directOf(attributes: Attributes): string {
  const { groups, inputs, outputs, kernelSize } = attributes;
  const algorithm = groups === 1 ? 'direct' : inputs === 1 && outputs === 1 ? 'depthwise' : 'grouped';
  return `${algorithm} ${times(kernelSize)}${strideOf(attributes)}${dilationOf(attributes)}`;
}

function dilationOf({ dilation }: Attributes): string {
  return times(dilation) === '1x1' ? '' : ` dilation ${times(dilation)}`;
}

function strideOf({ strides }: Attributes): string {
  return times(strides) === '1x1' ? '' : ` stride ${times(strides)}`;
}

function times(sizes: unknown): string {
  return Array.isArray(sizes) ? sizes.join('x') : `${sizes}`;
}
