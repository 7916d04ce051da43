// npm run prebuild:all: packs the binaries of every platform that can be built for here into prebuilds/, anew, and checks what
// they need of a system and how large the package is with them. Other platforms: docs/packaging.md.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNode } from './run.mjs';
import { buildableHere, libc } from './targets.mjs';

const tool = (name) => join(root, 'tools', name);

rmSync(join(root, 'prebuilds'), { recursive: true, force: true });
for (const platform of buildableHere()) {
  console.log(`Prebuilding ${platform}.`);
  runNode(tool('prebuildify.mjs'), ['--arch', platform.split('-')[1]]);
}
// prebuildify has taken the binary out of build/, where tests look for it; linking it again costs a second.
runNode(tool('build.mjs'), ['native', 'lib']);
if (process.platform === 'linux') runNode(tool('check-floors.mjs'));
const libcOf = (platform) => (platform.startsWith('linux-') ? `${platform}-${libc}` : platform);
runNode(tool('check-package.mjs'), ['--platforms', buildableHere().map(libcOf).join(',')]);
