// A CommonJS module on any version of TypeScript: the package is an ES module, which `import()` loads on every version of Node.
import type { Dataset, Model } from 'cnnative' with { 'resolution-mode': 'import' };

async function train(data: Dataset): Promise<Model> {
  const { layers, optimizers, sequential } = await import('cnnative');
  const model: Model = sequential({ input: { shape: [1, 28, 28] } }, [
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  const { history } = await model.fit(data, { epochs: 1 });
  const losses: number[] = history.loss;
  // @ts-expect-error: losses are numbers
  const words: string[] = history.loss;
  return losses.length + words.length > 0 ? model : train(data);
}

export = train;
