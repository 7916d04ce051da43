// The package managers, each with what npm installs to have it, the files its project needs, how it installs and how it starts Node.
// Commands are lists of words, with `modules` for the folder that the managers themselves are in.
import { join } from 'node:path';

export const managers = [
  {
    name: 'npm',
    install: (_modules, tarball) => ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', tarball],
  },
  pnpm('pnpm', 'latest', 'bin/pnpm.mjs'),
  pnpm('pnpm-10', '10', 'bin/pnpm.cjs'),
  {
    name: 'yarn-1',
    packages: ['yarn@1'],
    install: (modules, tarball) => ['node', join(modules, 'yarn/bin/yarn.js'), 'add', '--ignore-scripts', tarball],
  },
  berry('yarn-4-node-modules', 'node-modules'),
  // Nothing is in node_modules: Node finds packages by what Yarn loads into it, which does not reach an ES module that is required.
  {
    ...berry('yarn-4-pnp', 'pnp'),
    node: (modules) => ['node', berryScript(modules), 'node'],
    scripts: ['import.mjs', 'worker.mjs'],
  },
];

function pnpm(name, version, script) {
  return {
    name,
    packages: [`${name}@npm:pnpm@${version}`],
    install: (modules, tarball) => [
      'node',
      join(modules, name, script),
      'add',
      '--ignore-scripts',
      '--store-dir=../pnpm-store',
      tarball,
    ],
  };
}

function berry(name, nodeLinker) {
  return {
    name,
    packages: ['@yarnpkg/cli-dist@4'],
    files: { 'yarn.lock': '', '.yarnrc.yml': `nodeLinker: ${nodeLinker}\nenableScripts: false\n` },
    install: (modules, tarball) => ['node', berryScript(modules), 'add', `cnnative@file:${tarball}`],
  };
}

function berryScript(modules) {
  return join(modules, '@yarnpkg/cli-dist/bin/yarn.js');
}
