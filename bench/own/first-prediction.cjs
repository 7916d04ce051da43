// Arguments: the package's folder, `import` or `require`, and a saved model or nothing for a new LeNet-5. Predicts once, then prints the
// seconds of processor time that this process has had.
const { join } = require('node:path');

const [folder, way, saved] = process.argv.slice(2);
const entry = join(folder, 'dist', 'index.js');

async function main() {
  const cnnative = way === 'require' ? require(entry) : await import(entry);
  const model = saved ? await cnnative.loadModel(saved) : lenet5(cnnative);
  await model.predict(new Float32Array(28 * 28));
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({ seconds: (user + system) / 1e6 })}\n`);
}

// As users write it: the published package has no ready-made networks.
function lenet5({ layers, sequential }) {
  return sequential({ inputShape: [1, 28, 28], seed: 1 }, [
    layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 120, activation: 'relu' }),
    layers.dense({ units: 84, activation: 'relu' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
}

main();
