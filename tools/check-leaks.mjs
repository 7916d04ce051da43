// npm run sanitize:leaks: what is left of native memory by a script that ends by itself, on the addon of the address sanitizer. The suite
// cannot tell: ava ends its processes early, when V8 itself still holds memory.
import { join } from 'node:path';
import { root, runNode } from './run.mjs';
import { buildSanitized } from './sanitizers.mjs';

const env = buildSanitized('address');
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
runNode(join(root, '.test-build', 'native', 'children', 'leaks.js'), [], {
  env: { ...env, ASAN_OPTIONS: env.ASAN_OPTIONS.replace('detect_leaks=0', 'detect_leaks=1') },
});
