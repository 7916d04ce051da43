import { createRequire } from 'node:module';

/** Version of this package, from its package.json. */
export function version(): string {
  const require = createRequire(import.meta.url);
  return (require('cnnative/package.json') as { version: string }).version;
}
