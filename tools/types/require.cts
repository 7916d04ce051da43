// A CommonJS module that requires the package, as Node from 20.19 on does. TypeScript allows it from 5.8 on under `nodenext`, from 5.9 on
// under `node20`, and in every version where a bundler resolves.
import cnnative = require('cnnative');

const model: cnnative.Model = cnnative.sequential({ input: { shape: [4] } }, [cnnative.layers.dense({ units: 2 })]);
const count: number = model.parameterCount;
// @ts-expect-error: a count is no text
const text: string = model.parameterCount;

export = [count, text];
