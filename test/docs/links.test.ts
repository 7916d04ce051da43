import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'ava';
import { packageRoot } from '../helpers/cli.js';
import { documents } from './blocks.js';

function textOf(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8').replaceAll(/^```.*?^```$/gms, '');
}

/** Of the headings of a document, as GitHub makes them. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
      const slug = heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

test('links of documents and of the API reference lead to files and headings that there are', (t) => {
  const pages = readdirSync(join(packageRoot, 'docs', 'api')).map((name) => `docs/api/${name}`);
  const anchors = new Map<string, Set<string>>();
  const dead = [...documents(), ...pages].flatMap((path) =>
    [...textOf(path).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)]
      .filter(([, file, anchor]) => {
        const target = file ? normalize(join(dirname(path), file)) : path;
        if (!existsSync(join(packageRoot, target))) return true;
        if (anchor === undefined) return false;
        if (!anchors.has(target)) anchors.set(target, anchorsOf(target));
        return !anchors.get(target)?.has(anchor);
      })
      .map(([link]) => `${path}: ${link}`),
  );
  t.deepEqual(dead, []);
});
