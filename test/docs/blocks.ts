import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../helpers/cli.js';

/** A fenced block of a document or of a doc comment. */
export interface Block {
  /** The file, from the top folder, and the line its text begins with. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** Documents written by hand, from the top folder; the API reference is made of doc comments. */
export function documents(): string[] {
  const docs = files('docs', '.md').filter((path) => !path.startsWith('docs/api/'));
  return ['README.md', 'CONTRIBUTING.md', 'bench/README.md', 'examples/README.md', ...docs];
}

/** Sources with doc comments, from the top folder. */
export function sources(): string[] {
  return files('lib', '.ts');
}

/** The fenced blocks of a document, or of the doc comments of a source. */
export function blocksOf(path: string): Block[] {
  const text = readFileSync(join(packageRoot, path), 'utf8');
  const fences = path.endsWith('.ts') ? /^ *\* ```([^\n]*)\n(.*?)^ *\* ```$/gms : /^```([^\n]*)\n(.*?)^```$/gms;
  return [...text.matchAll(fences)].map(({ 1: language = '', 2: block = '', index }) => ({
    place: `${path}:${text.slice(0, index).split('\n').length + 1}`,
    language,
    text: path.endsWith('.ts') ? block.replaceAll(/^ *\* ?/gm, '') : block,
  }));
}

function files(folder: string, ending: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith(ending))
    .sort();
}
