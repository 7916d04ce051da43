import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { nodeOfMachine } from '../helpers/child.js';
import { cli, packageRoot } from '../helpers/cli.js';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

test('examples are right in the eyes of the compiler', (t) => {
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(nodeOfMachine, [compiler, '-p', 'examples', '--noEmit'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  t.is(stdout, '');
  t.is(status, 0);
});

test('README and docs describe every command, and train every option', async (t) => {
  const commands = [...(await cli(['--help'])).stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map((match) => match[1]);
  t.true(commands.length >= 4);
  for (const command of commands) {
    t.true(read('README.md').includes(`| \`cnnative ${command}`), `README: ${command}`);
    t.regex(read('docs/cli.md'), new RegExp(`^## cnnative ${command}`, 'm'));
    const help = (await cli([command as string, '--help'])).stdout;
    const section = read('docs/cli.md')
      .split(/^## /m)
      .find((part) => part.startsWith(`cnnative ${command}`));
    for (const [, option] of help.matchAll(/^ {2}(--[a-z-]+)/gm)) {
      t.true(section?.includes(option as string), `docs/cli.md, ${command}: ${option}`);
    }
  }
});

test('configurations of docs/config.md are right', async (t) => {
  const { resolveConfig } = await import('#lib/config/config.js');
  const blocks = [...read('docs/config.md').matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => text as string);
  t.true(blocks.length >= 3);
  for (const block of blocks) t.notThrows(() => resolveConfig(JSON.parse(block)), block);
});

test('links of the README lead to files', (t) => {
  const links = [...read('README.md').matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] as string);
  t.true(links.length >= 5);
  for (const link of links) t.true(existsSync(join(packageRoot, link)), link);
});
