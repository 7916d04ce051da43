import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { InvalidArgumentError, loadModel, ModelFileError } from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const DESCRIPTION = 'model.json';
const WEIGHTS = 'weights.safetensors';

interface Saved {
  readonly folder: string;
  readonly description: string;
  readonly weights: Buffer;
}

async function saved(t: ExecutionContext): Promise<Saved> {
  const folder = await temporaryFolder(t);
  await smallModel().save(folder);
  const description = await readFile(join(folder, DESCRIPTION), 'utf8');
  return { folder, description, weights: await readFile(join(folder, WEIGHTS)) };
}

/** Loading must fail, name the file and match the pattern. */
async function refused(t: ExecutionContext, folder: string, file: string, pattern: RegExp): Promise<void> {
  const error = await t.throwsAsync(loadModel(folder), { instanceOf: ModelFileError });
  t.is((error as ModelFileError).code, 'ERR_MODEL_FILE');
  t.true(error?.message.startsWith('loadModel: expected '), error?.message);
  t.true(error?.message.includes(join(folder, file)), error?.message);
  t.regex(error?.message ?? '', /received /);
  t.regex(error?.message ?? '', pattern);
}

/** A safetensors file of a header and tensors. */
function safetensors(header: unknown, tensors: Buffer): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, tensors]);
}

function parts(weights: Buffer): { header: Record<string, Record<string, unknown>>; tensors: Buffer } {
  const end = 8 + Number(weights.readBigUInt64LE());
  return { header: JSON.parse(weights.toString('utf8', 8, end)), tensors: weights.subarray(end) };
}

test('loads what was saved, so that the failures below have their stated cause', async (t) => {
  const { folder, weights } = await saved(t);
  const { header, tensors } = parts(weights);
  await writeFile(join(folder, WEIGHTS), safetensors(header, tensors));
  t.deepEqual(await (await loadModel(folder)).predict(blobs(5).images), await smallModel().predict(blobs(5).images));
});

test('rejects weights cut short at any byte', async (t) => {
  const { folder, weights } = await saved(t);
  for (let length = 0; length < weights.length; length++) {
    await writeFile(join(folder, WEIGHTS), weights.subarray(0, length));
    await refused(t, folder, WEIGHTS, /damaged|no safetensors/);
  }
  await writeFile(join(folder, WEIGHTS), Buffer.concat([weights, Buffer.alloc(4)]));
  await refused(t, folder, WEIGHTS, /204 bytes of tensors.*received 208/);
});

test('rejects a description cut short at any byte', async (t) => {
  const { folder, description } = await saved(t);
  for (let length = 0; length < description.trimEnd().length; length += 7) {
    await writeFile(join(folder, DESCRIPTION), description.slice(0, length));
    await refused(t, folder, DESCRIPTION, /JSON/);
  }
});

test('rejects garbage', async (t) => {
  const { folder, description } = await saved(t);
  const garbage = Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 151 + 97) % 256));
  await writeFile(join(folder, WEIGHTS), garbage);
  await refused(t, folder, WEIGHTS, /a header of \d+ bytes/);
  for (const header of ['no json', '[]', 'null', '7', '"text"']) {
    await writeFile(join(folder, WEIGHTS), safetensors(header, Buffer.alloc(0)));
    await refused(t, folder, WEIGHTS, /header/);
  }
  await writeFile(join(folder, DESCRIPTION), garbage);
  await refused(t, folder, DESCRIPTION, /JSON/);
  for (const text of ['null', '[]', '{}', '7', '{"format":"other"}', description.replace('"cnnative"', '"keras"')]) {
    await writeFile(join(folder, DESCRIPTION), text);
    await refused(t, folder, DESCRIPTION, /description of a cnnative model/);
  }
});

test('rejects missing files and folders', async (t) => {
  const { folder } = await saved(t);
  await refused(
    t,
    join(folder, 'nowhere'),
    DESCRIPTION,
    /nowhere.model\.json, which does not exist\. Give the folder that model\.save wrote/,
  );
  await refused(t, join(folder, DESCRIPTION), DESCRIPTION, /which leads through a file/);
  await rm(join(folder, WEIGHTS));
  await refused(t, folder, WEIGHTS, /which does not exist/);
  await mkdir(join(folder, WEIGHTS));
  await refused(t, folder, WEIGHTS, /which is a folder/);
  await rm(join(folder, DESCRIPTION));
  await refused(t, folder, DESCRIPTION, /which does not exist/);
  await smallModel().save(join(folder, 'best'));
  await refused(t, folder, DESCRIPTION, /The run has no final model yet; its best so far is in .*best\.$/);
});

test('rejects another format version', async (t) => {
  const { folder, description } = await saved(t);
  for (const version of ['3', '0', '"1"', 'null']) {
    await writeFile(
      join(folder, DESCRIPTION),
      description.replace('"formatVersion": 1', `"formatVersion": ${version}`),
    );
    await refused(t, folder, DESCRIPTION, /format version 1 or 2 .*received/);
  }
});

test('rejects tensors of another type, shape, place or name', async (t) => {
  const { folder, weights } = await saved(t);
  const { header, tensors } = parts(weights);
  const bias = header['dense/bias'] ?? {};
  t.deepEqual(bias, { dtype: 'F32', shape: [8], data_offsets: [64, 96] });
  const { 'dense/bias': _, ...others } = header;
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ 'dense/bias': { ...bias, dtype: 'F16' } }, /dtype F32 for tensor dense\/bias.*received "F16"/],
    [{ 'dense/bias': { ...bias, dtype: undefined } }, /dtype F32/],
    [{ 'dense/bias': { ...bias, shape: [2, 4] } }, /dense\/bias of shape \[8\].*received \[2, 4\]/],
    [{ 'dense/bias': { ...bias, shape: [9] } }, /36 bytes from 64/],
    [{ 'dense/bias': { ...bias, shape: [-8] } }, /a shape for tensor dense\/bias.*received \[-8\]/],
    [{ 'dense/bias': { ...bias, shape: 8 } }, /a shape for tensor dense\/bias/],
    [{ 'dense/bias': { ...bias, data_offsets: [0, 32] } }, /bytes/],
    [{ 'dense/bias': { ...bias, data_offsets: [64, 1e9] } }, /bytes/],
    [{ 'dense/bias': { ...bias, data_offsets: [64] } }, /two data_offsets/],
    [{ 'dense/bias': { ...bias, data_offsets: [64.5, 96] } }, /two data_offsets/],
    [{ 'dense/bias': null }, /dtype F32/],
    [{ 'dense/base': bias }, /only the tensors dense\/kernel, .*received "dense\/base"/],
    [{}, /bytes/],
  ];
  for (const [entry, pattern] of cases) {
    await writeFile(join(folder, WEIGHTS), safetensors({ ...others, ...entry }, tensors));
    await refused(t, folder, WEIGHTS, pattern);
  }
  const extra = { ...header, more: { dtype: 'F32', shape: [], data_offsets: [204, 208] } };
  await writeFile(join(folder, WEIGHTS), safetensors(extra, Buffer.concat([tensors, Buffer.alloc(4)])));
  await refused(t, folder, WEIGHTS, /only the tensors .*received "more"/);
  await writeFile(join(folder, WEIGHTS), safetensors({}, Buffer.alloc(0)));
  await refused(t, folder, WEIGHTS, /a tensor dense\/kernel of shape \[8, 2\].*received no such tensor/);
});

test('rejects a description that makes no model', async (t) => {
  const { folder, description } = await saved(t);
  const cases: [change: (d: Record<string, unknown>, nodes: Record<string, unknown>[]) => void, pattern: RegExp][] = [
    [(d) => delete d.input, /received /],
    [(d) => Object.assign(d, { input: { shape: [0] } }), /shape, received \[0\]/],
    [(d) => Object.assign(d, { input: { shape: [2], std: -1 } }), /std/],
    [(d) => Object.assign(d, { nodes: [] }), /at least one layer/],
    [(d) => Object.assign(d, { nodes: [null] }), /missing parts/],
    [(d) => Object.assign(d, { nodes: [{ name: 'dense' }] }), /missing parts/],
    [(d) => delete d.seed, /seed, received undefined/],
    [(d) => Object.assign(d, { seed: -1 }), /seed, received -1/],
    [(_, [node]) => Object.assign(node ?? {}, { name: 'dense_1' }), /'dense_1' twice/],
    [(_, [node]) => Object.assign(node ?? {}, { name: 'a b' }), /name, received "a b"/],
    [(_, [node]) => Object.assign(node ?? {}, { inputs: ['dense_1'] }), /dense reading \["dense_1"\]/],
    [(_, [, node]) => Object.assign(node ?? {}, { inputs: ['input'] }), /a node dense that nothing reads/],
    [(_, [, node]) => delete node?.inputs, /dense_1 reading undefined/],
    [(_, [node]) => Object.assign(node ?? {}, { layer: { type: 'lstm' } }), /type of the layer, received "lstm"/],
    [(_, [node]) => Object.assign(node ?? {}, { layer: { type: 'dense', units: 0 } }), /units, received 0/],
    [(_, [node]) => Object.assign(node ?? {}, { layer: { type: 'dense', units: 8, depth: 1 } }), /"depth"/],
    [(_, [node]) => Object.assign(node ?? {}, { layer: { type: 'conv2d', filters: 1, kernelSize: 1 } }), /\[2\]/],
    [(_, [node]) => Object.assign(node ?? {}, { layer: { type: 'dense', units: 1e10 } }), /at most \d+ values/],
    [(d) => Object.assign(d.compiled as object, { loss: 'mse' }), /loss, received "mse"/],
    [(d) => Object.assign(d.compiled as object, { metrics: 'accuracy' }), /metrics, received "accuracy"/],
    [(d) => Object.assign(d.compiled as object, { optimizer: { type: 'adamax' } }), /optimizer, received "adamax"/],
    [(d) => Object.assign(d.compiled as object, { optimizer: { type: 'sgd', learningRate: 'x' } }), /learningRate/],
    [(d) => Object.assign(d.compiled as object, { optimizer: null }), /missing parts/],
    [(d) => Object.assign(d, { compiled: null }), /missing parts/],
    [(d) => Object.assign(d, { compiled: 0 }), /optimizer, received undefined|missing parts/],
  ];
  for (const [change, pattern] of cases) {
    const parsed = JSON.parse(description) as Record<string, unknown>;
    change(parsed, parsed.nodes as Record<string, unknown>[]);
    await writeFile(join(folder, DESCRIPTION), JSON.stringify(parsed));
    await refused(t, folder, DESCRIPTION, pattern);
  }
});

test('rejects a loss on outputs it cannot take', async (t) => {
  const { folder, description } = await saved(t);
  const parsed = JSON.parse(description);
  parsed.input = { shape: [1, 4, 4] };
  parsed.nodes = [{ name: 'pool', inputs: ['input'], layer: { type: 'maxPooling2d' } }];
  await writeFile(join(folder, DESCRIPTION), JSON.stringify(parsed));
  await writeFile(join(folder, WEIGHTS), safetensors({}, Buffer.alloc(0)));
  await refused(t, folder, DESCRIPTION, /outputs of shape \[classes\].*received \[1, 2, 2\]/);
});

test('rejects the weights of another model', async (t) => {
  const { folder } = await saved(t);
  const other = await temporaryFolder(t);
  await (await loadModel(folder)).save(other);
  const description = await readFile(join(other, DESCRIPTION), 'utf8');
  await writeFile(join(folder, DESCRIPTION), description.replace('"units": 8', '"units": 9'));
  await refused(t, folder, WEIGHTS, /dense\/kernel of shape \[9, 2\].*received \[8, 2\]/);
});

test('asks for a path', async (t) => {
  for (const folder of [undefined, null, '', 7, {}, ['a'], new URL('file:///tmp')]) {
    await t.throwsAsync(loadModel(folder as string), { instanceOf: InvalidArgumentError, message: /for folder/ });
  }
  await t.throwsAsync(loadModel('a\0b'), { instanceOf: ModelFileError });
});
