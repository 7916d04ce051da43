import type { Buffer, Call } from './buffer.js';

/** Operators that make each element of `y` from the same element of these, or read them whole before they write. */
const OVER: Readonly<Record<string, readonly string[]>> = {
  activation: ['x'],
  add: ['a', 'b'],
  channelScaleShift: ['x', 'addend'],
  dropout: ['x'],
  gaussianNoise: ['x'],
  groupNorm: ['x'],
  maximum: ['a', 'b'],
  multiply: ['a', 'b'],
  prelu: ['x'],
  scale: ['x'],
  scaleShift: ['x', 'addend'],
};

/**
 * Lets results be written over operands that nobody reads after: memory that was just read need not be fetched again to
 * be written. Gives the calls with `y` replaced by that operand wherever it is read.
 */
export function writeInPlace<C extends Pick<Call, 'op' | 'operands'>>(calls: readonly C[]): C[] {
  const first = new Map<Buffer, number>();
  const last = new Map<Buffer, number>();
  calls.forEach(({ operands }, index) => {
    for (const buffer of Object.values(operands)) {
      if (!first.has(buffer)) first.set(buffer, index);
      last.set(buffer, index);
    }
  });
  const homes = new Map<Buffer, Buffer>();
  const homeOf = (buffer: Buffer) => homes.get(buffer) ?? buffer;
  calls.forEach(({ op, operands }, index) => {
    const { y } = operands;
    if (y?.space !== 'sample' || first.get(y) !== index) return;
    const dead = (OVER[op] ?? [])
      .map((name) => operands[name])
      .find((x) => x?.space === 'sample' && x.elements === y.elements && last.get(homeOf(x)) === index);
    if (!dead) return;
    const home = homeOf(dead);
    homes.set(y, home);
    last.set(home, last.get(y) ?? index);
  });
  if (homes.size === 0) return [...calls];
  return calls.map((call) => ({
    ...call,
    operands: Object.fromEntries(Object.entries(call.operands).map(([name, buffer]) => [name, homeOf(buffer)])),
  }));
}
