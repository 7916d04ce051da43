// Checks the content and the size of the package as published: of the tarball that is named, or of one packed for the purpose from what
// is built. `--platforms all`, or names, says whose binaries it must hold.
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { list } from 'tar';
import { pack } from './package.mjs';
import { contentFaults, PLATFORMS } from './package-contents.mjs';
import { fail, temporaryFolder } from './run.mjs';

const { values, positionals } = parseArgs({ options: { platforms: { type: 'string' } }, allowPositionals: true });
const platforms = values.platforms === 'all' ? Object.keys(PLATFORMS) : (values.platforms?.split(',') ?? []);
const unknown = platforms.find((name) => !Object.hasOwn(PLATFORMS, name));
if (unknown !== undefined)
  fail(`--platforms: expected all or names of ${Object.keys(PLATFORMS).join(', ')}, received ${unknown}.`);

const tarball = positionals[0] ?? (await pack(temporaryFolder('check')));
const files = [];
await list({
  file: tarball,
  onReadEntry: ({ path, size, type }) => {
    // A link could lead anywhere.
    if (type !== 'File') fail(`${path}: expected a file, received ${type}.`);
    files.push({ path: path.replace(/^package\//, ''), size });
  },
});
const packed = statSync(tarball).size;

const faults = contentFaults(files, packed, platforms);
if (faults.length > 0) fail(`The package is not as it should be:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
const unpacked = files.reduce((sum, { size }) => sum + size, 0);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
console.log(`package: ${files.length} files, ${megabytes(packed)} packed, ${megabytes(unpacked)} unpacked`);
for (const { path, size } of files.filter(({ path }) => path.startsWith('prebuilds/')))
  console.log(`${path}: ${megabytes(size)}`);
