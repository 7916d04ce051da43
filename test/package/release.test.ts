import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { packageRoot } from '../helpers/cli.js';

interface Described {
  readonly version: string;
  readonly repository?: string;
}

const tool = pathToFileURL(join(packageRoot, 'tools', 'release-faults.mjs')).href;
const { releaseFaults } = (await import(tool)) as {
  releaseFaults: (tag: string, described: Described, lock: { version: string }, changelog: string) => string[];
};

const PACKAGE = { version: '1.2.3', repository: 'github:someone/something' };
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2030-01-31\n\n### Added\n\n- A thing.\n\n## 1.2.2 - 2030-01-01\n';

test('a release passes when all say the same', (t) => {
  t.deepEqual(releaseFaults('v1.2.3', PACKAGE, PACKAGE, CHANGELOG), []);
  const candidate = { ...PACKAGE, version: '1.2.3-rc.1' };
  t.deepEqual(releaseFaults('v1.2.3-rc.1', candidate, candidate, CHANGELOG.replace('1.2.3', '1.2.3-rc.1')), []);
});

test('each disagreement is named', (t) => {
  const cases: [string, Described, string, string, RegExp][] = [
    ['1.2.3', PACKAGE, '1.2.3', CHANGELOG, /^tag: expected v1\.2\.3, the version of package\.json, received 1\.2\.3$/],
    ['v1.2.4', PACKAGE, '1.2.3', CHANGELOG, /^tag: .* received v1\.2\.4$/],
    ['v1.2.3', PACKAGE, '1.2.2', CHANGELOG, /^package-lock\.json: expected version 1\.2\.3, received 1\.2\.2$/],
    ['v1.2.3', { version: '1.2.3' }, '1.2.3', CHANGELOG, /^package\.json: expected repository/],
    ['v1.2.3', PACKAGE, '1.2.3', '# Changelog\n', /^CHANGELOG\.md: expected "## 1\.2\.3 - .* received none$/],
    ['v1.2.3', PACKAGE, '1.2.3', CHANGELOG.replace(' - 2030-01-31', ''), /^CHANGELOG\.md: .* received 1\.2\.3$/],
    [
      'v1.2.3',
      PACKAGE,
      '1.2.3',
      CHANGELOG.replace('1.2.3', '1x2.3'),
      /^CHANGELOG\.md: .* received 1x2\.3 - 2030-01-31$/,
    ],
    ['v1.2.3', PACKAGE, '1.2.3', CHANGELOG.replace('- A thing.', ''), /^CHANGELOG\.md: expected entries below/],
  ];
  for (const [tag, described, locked, changelog, message] of cases) {
    const faults = releaseFaults(tag, described, { version: locked }, changelog);
    t.is(faults.length, 1, faults.join('\n'));
    t.regex(faults[0] ?? '', message);
  }
});
