// npm run sanitize:leaks: what is left of native memory by a script that ends by itself. The suite cannot tell: ava ends its processes
// early, when V8 itself still holds memory. The leak sanitizer needs no build of its own, only to be there before all others.
import { join } from 'node:path';
import { fail, root, runNode } from './run.mjs';
import { runtimeOfGcc } from './sanitizers.mjs';

if (process.platform !== 'linux') fail('sanitize:leaks: runs on Linux only.');
const env = { ...process.env, LD_PRELOAD: runtimeOfGcc('liblsan.so', 'g++') };
runNode(join(root, 'tools', 'build.mjs'), ['native', 'lib', 'test']);
runNode(join(root, '.test-build', 'native', 'children', 'leaks.js'), [], { env });
