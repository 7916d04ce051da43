import { InvalidArgumentError } from '../errors/index.js';
import { type IsaName, native } from '../native.js';
import { describe } from '../util/describe.js';

/** The instruction set a run uses unless told otherwise, and why that one. */
export interface IsaChoice {
  readonly isa: IsaName;
  readonly reason: string;
}

let available: readonly IsaName[] | undefined;

/** Those of this machine, best first: asked once, for every prediction wants to know. */
const isas = () => {
  available ??= native.isas();
  return available;
};

/** The best instruction set of this machine, or the one the environment variable `CNNATIVE_ISA` names. */
export function chooseIsa(environment: NodeJS.ProcessEnv = process.env): IsaChoice {
  const wanted = environment.CNNATIVE_ISA;
  if (wanted === undefined || wanted === '') {
    return { isa: isas()[0] ?? 'scalar', reason: 'best of this machine' };
  }
  return { isa: checkIsa('CNNATIVE_ISA', wanted), reason: 'CNNATIVE_ISA' };
}

/** @throws InvalidArgumentError unless `isa` names an instruction set of this machine */
export function checkIsa(who: string, isa: unknown): IsaName {
  const found = isas().find((name) => name === isa);
  if (found) return found;
  throw new InvalidArgumentError(
    `${who}: expected one of ${isas().join(', ')} (what this machine can run) for isa, received ${describe(isa)}.`,
  );
}
