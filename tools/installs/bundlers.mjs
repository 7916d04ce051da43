// The bundlers, each with what npm installs to have it and the commands that bundle `import.mjs` as docs/bundlers.md says.
import { join } from 'node:path';

export const bundlers = [
  {
    name: 'esbuild',
    packages: ['esbuild'],
    bundles: (modules) => {
      const command = ['node', join(modules, 'esbuild/bin/esbuild'), 'import.mjs', '--bundle', '--platform=node'];
      return [
        {
          command: [...command, '--external:cnnative', '--format=esm', '--outfile=esbuild.mjs'],
          output: 'esbuild.mjs',
        },
        {
          command: [...command, '--external:cnnative', '--format=cjs', '--outfile=esbuild.cjs'],
          output: 'esbuild.cjs',
        },
      ];
    },
  },
  {
    name: 'rollup',
    packages: ['rollup'],
    bundles: (modules) => {
      const rollup = ['node', join(modules, 'rollup/dist/bin/rollup'), 'import.mjs', '--failAfterWarnings'];
      const external = ['--external', 'cnnative,node:assert/strict'];
      return [
        { command: [...rollup, ...external, '--format', 'es', '--file', 'rollup.mjs'], output: 'rollup.mjs' },
        { command: [...rollup, ...external, '--format', 'cjs', '--file', 'rollup.cjs'], output: 'rollup.cjs' },
      ];
    },
  },
  {
    name: 'webpack',
    packages: ['webpack', 'webpack-cli@6'],
    bundles: (modules) => [
      {
        command: ['node', join(modules, 'webpack-cli/bin/cli.js'), '--config', 'webpack.config.mjs'],
        output: 'webpack/main.mjs',
      },
    ],
  },
];
