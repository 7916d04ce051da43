// A sample of the test files, drawn by a seed: a share of them, more of some folders.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root } from './run.mjs';

/** What the variables NAME_SHARE and NAME_SEED ask for; `undefined` is the whole suite. */
export function sampleFromEnvironment(name) {
  const { [`${name}_SHARE`]: share, [`${name}_SEED`]: seed } = process.env;
  if (share === undefined && seed === undefined) return undefined;
  if (!(share?.trim() && Number(share) >= 0 && Number(share) <= 1)) {
    fail(`${name}_SHARE: expected a number from 0 to 1, received ${share ?? 'none'}.`);
  }
  if (seed !== undefined && !/^\d+$/.test(seed)) {
    fail(`${name}_SEED: expected a whole number from 0, received ${seed || 'none'}.`);
  }
  return { share: Number(share), seed: seed ?? String(Date.now() % 1_000_000) };
}

/** Says how many files a sample has, and now and after a failure what runs the same ones again. */
export function announce({ share, seed }, files, name, command) {
  const again = `${name}_SHARE=${share} ${name}_SEED=${seed} ${command}`;
  console.log(`${files.length} test files, by: ${again}`);
  process.on('exit', (code) => code !== 0 && console.error(`The same files again: ${again}`));
}

/**
 * The compiled test files of a sample, one at least, with larger shares of the folders named. Each is drawn for itself, so that a new one
 * changes nothing for the others.
 */
export function filesOf({ share, seed }, shares = {}) {
  const all = readdirSync(join(root, '.test-build'), { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  const tests = all.filter((file) => file.endsWith('.test.js')).sort();
  const numbers = new Map(tests.map((file) => [file, drawn(`${seed} ${file}`)]));
  const least = Math.min(...numbers.values());
  return tests
    .filter((file) => {
      const number = numbers.get(file);
      return number < Math.max(share, shares[file.split('/')[0]] ?? 0) || number === least;
    })
    .map((file) => `.test-build/${file}`);
}

/** A number from 0 to below 1 that follows from a text. */
function drawn(text) {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
