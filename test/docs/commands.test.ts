import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createProgram } from '#lib/cli/program.js';
import { packageRoot } from '../helpers/cli.js';
import { blocksOf, documents } from './blocks.js';

/** A command of a document. */
interface Shown {
  readonly place: string;
  readonly words: readonly string[];
}

/** What stands for a value in the text of documents. */
function filledIn(word: string, command: string | undefined): string {
  const values: Readonly<Record<string, string>> = {
    N: '1',
    NAME: command === 'data' ? 'mnist' : 'mnist-fast',
    SIZE: '1GB',
    X: '0.5',
  };
  return values[word] ?? word;
}

/** The commands of shell blocks, and those in backquotes that are whole. */
function shownCommands(): Shown[] {
  return documents().flatMap((path) => {
    const blocks = blocksOf(path).filter(({ language }) => language === 'sh');
    const lines = blocks.flatMap(({ place, text }) =>
      text
        .replaceAll('\\\n', ' ')
        .split('\n')
        .map((line) => ({ place, line })),
    );
    const text = readFileSync(join(packageRoot, path), 'utf8').replaceAll(/^```.*?^```$/gms, '');
    const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, line = '']) => ({ place: path, line }));
    return [...lines, ...spans.filter(({ line }) => !/\.\.\.|\\\||[[\]]/.test(line))].flatMap(({ place, line }) =>
      line
        .replace(/(^|\s)#\s.*/, '')
        .split(/&&|\||;/)
        .map((command) => ({ place, words: wordsOf(command) })),
    );
  });
}

/** Without variables set before the command, and without redirections. */
function wordsOf(command: string): string[] {
  const words = command.replaceAll(/\d?>{1,2}\s*\S+/g, ' ').match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return first < 0 ? [] : words.slice(first).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));
}

async function parse(words: readonly string[]): Promise<void> {
  const program = createProgram(new AbortController().signal);
  for (const command of [program, ...program.commands]) command.configureOutput({ writeOut: () => undefined });
  for (const command of program.commands) command.action(() => undefined);
  try {
    await program.parseAsync(
      words.map((word) => filledIn(word, words[0])),
      { from: 'user' },
    );
  } catch (error) {
    // Help and version end the parsing with what they printed.
    if ((error as { exitCode?: number }).exitCode !== 0) throw error;
  }
}

test('calls of cnnative in documents are understood by its commands', async (t) => {
  const calls = shownCommands().filter(
    ({ words: [name, command] }) => name === 'cnnative' && command && command !== 'COMMAND',
  );
  t.true(calls.length > 20);
  for (const { place, words } of calls) {
    // A command that is only named, without what it works on, is known if it has help.
    const asked = words.length === 2 ? [words[1] as string, '--help'] : words.slice(1);
    await t.notThrowsAsync(parse(asked), `${place}: ${words.join(' ')}`);
  }
});

test('a call of cnnative with an option that it does not have would be found', async (t) => {
  await t.throwsAsync(parse(['train', '--epoch', '3', '--dataset', 'digits']));
  await t.throwsAsync(parse(['trian']));
});

test('scripts of npm and tools that documents name exist', (t) => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const commands = shownCommands();
  const ofNpm = commands.filter(({ words }) => words[0] === 'npm' && words[1] === 'run' && words[2] !== undefined);
  t.true(ofNpm.length > 10);
  for (const { place, words } of ofNpm) {
    const name = words.slice(2).find((word) => !word.startsWith('-'));
    t.true(name !== undefined && name in scripts, `${place}: ${words.join(' ')}`);
  }
  for (const { place, words } of commands.filter(
    ({ words: [name, path] }) => name === 'node' && path?.startsWith('tools/'),
  )) {
    t.true(existsSync(join(packageRoot, words[1] as string)), `${place}: ${words.join(' ')}`);
  }
});
