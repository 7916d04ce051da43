import { checkOptions } from './check-options.js';

/** For what has no options: an empty object, as configurations give. */
export type NoOptions = Readonly<Record<string, never>>;

/** What `make` makes. @throws InvalidArgumentError when there are options all the same */
export function withoutOptions<Made>(who: string, options: NoOptions | undefined, make: () => Made): Made {
  if (options !== undefined) checkOptions(who, options, []);
  return make();
}
