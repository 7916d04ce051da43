import { join } from 'node:path';
import test from 'ava';
import { invocation } from '#lib/cli/invocation.js';

test('a command to type next begins as the one that was typed', (t) => {
  t.is(invocation(join(process.cwd(), 'dist', 'cli', 'main.js'), {}), `node ${join('dist', 'cli', 'main.js')}`);
  const installed = join(process.cwd(), 'node_modules', 'cnnative', 'dist', 'cli', 'main.js');
  t.is(invocation(installed, { npm_command: 'exec' }), 'npx cnnative');
  t.is(invocation('/usr/bin/cnnative', {}), 'cnnative');
  t.is(invocation('/elsewhere/dist/cli/main.js', {}), 'cnnative');
});
