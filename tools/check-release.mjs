// node tools/check-release.mjs v1.2.3: fails unless that tag may be released as the checkout is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseFaults } from './release-faults.mjs';
import { fail, root } from './run.mjs';

const read = (name) => readFileSync(join(root, name), 'utf8');
const tag = process.argv[2] ?? fail('check-release: expected a tag such as v1.2.3.');
const described = JSON.parse(read('package.json'));
const faults = releaseFaults(tag, described, JSON.parse(read('package-lock.json')), read('CHANGELOG.md'));
if (faults.length > 0) fail(`${tag} is not ready:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
console.log(`${tag}: tag, package.json, package-lock.json and CHANGELOG.md agree`);
