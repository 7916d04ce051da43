// Without @types/node: the only global type of the declarations that is not JavaScript's own is AbortSignal, which the default `lib`
// (that of browsers) declares too.
import { layers, type Model, sequential } from 'cnnative';

const model: Model = sequential({ input: { shape: [4] } }, [layers.dense({ units: 2 })]);
const { data } = await model.predict(new Float32Array(4), { signal: new AbortController().signal });
// @ts-expect-error: a signal is no text
await model.predict(data, { signal: 'stop' });
