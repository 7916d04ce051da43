import test, { type ExecutionContext } from 'ava';
import { type IsaName, native } from '#lib/native.js';

/** Instruction sets of this machine. */
export const isas: readonly IsaName[] = native.isas();

/** One test for each instruction set of this machine. */
export function testEachIsa(title: string, body: (t: ExecutionContext, isa: IsaName) => Promise<void>): void {
  for (const isa of isas) test(`${isa} ${title}`, (t) => body(t, isa));
}

/** A value made at its first use and kept: tests of several instruction sets share one truth. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
