export default {
  mode: 'production',
  target: 'node20',
  entry: './import.mjs',
  experiments: { outputModule: true },
  externals: { cnnative: 'module cnnative' },
  output: { module: true, path: `${import.meta.dirname}/webpack`, filename: 'main.mjs' },
};
