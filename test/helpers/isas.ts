import test, { type ExecutionContext } from 'ava';
import { type IsaName, native } from '#lib/native.js';
import type { ElementType } from '#lib/program/description.js';

/** Instruction sets of this machine. */
export const isas: readonly IsaName[] = native.isas();

/** One test for each instruction set of this machine. */
export function testEachIsa(title: string, body: (t: ExecutionContext, isa: IsaName) => Promise<void>): void {
  for (const isa of isas) test(`${isa} ${title}`, (t) => body(t, isa));
}

/** The float32 kernels of an instruction set, or the scalar kernels in double. */
export interface Kernels {
  readonly isa?: IsaName;
  readonly element?: ElementType;
}

/**
 * One test for each instruction set of this machine, and one for the scalar kernels in double, which tells a wrong formula
 * from rounding. `rounding` is what one rounding changes, as a part of the value.
 */
export function testEachKernel(
  title: string,
  body: (t: ExecutionContext, kernels: Kernels, rounding: number) => Promise<void>,
): void {
  for (const isa of isas) test(`${isa} ${title}`, (t) => body(t, { isa }, 2 ** -24));
  test(`double ${title}`, (t) => body(t, { element: 'float64' }, 2 ** -53));
}

/** A value made at its first use and kept: tests of several instruction sets share one truth. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Instruction sets with vectors: scalar kernels have fewer algorithms, and none for lanes of channels. */
export const vectorIsas: readonly IsaName[] = isas.filter((isa) => isa !== 'scalar');

/** For a test of all instruction sets with vectors: skipped on a CPU that has none. */
export const testVectors = vectorIsas.length > 0 ? test : test.skip;

/** One test for each instruction set with vectors. */
export function testEachVectorIsa(title: string, body: (t: ExecutionContext, isa: IsaName) => Promise<void>): void {
  if (vectorIsas.length === 0) test.skip(`${title} (no vectors on this CPU)`, () => undefined);
  for (const isa of vectorIsas) test(`${isa} ${title}`, (t) => body(t, isa));
}
