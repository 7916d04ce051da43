import { checkOptions } from './check-options.js';

/** A factory that takes nothing, and says so where it is given something. */
export function withoutOptions<Made>(who: string, make: () => Made): () => Made {
  return (...given: readonly unknown[]) => {
    if (given[0] !== undefined) checkOptions(who, given[0], []);
    return make();
  };
}
