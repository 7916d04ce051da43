import { type ImageFolderOptions, images } from '../../data/index.js';
import { ShapeError } from '../../errors/index.js';
import { loadModel } from '../../model/load-model.js';
import type { Model } from '../../model/model.js';
import { orAborted } from '../../util/or-aborted.js';
import { formatShape } from '../../util/shape.js';
import { percent } from '../format.js';
import { runOfModel } from '../run-of-model.js';
import { columns } from '../table.js';
import type { PredictArguments } from './command.js';
import { type ClassProbability, probabilitiesOf, topClasses } from './top-classes.js';

/** Pictures in memory at a time. */
const AT_A_TIME = 64;

/** `cnnative predict`. */
export async function runPredict(
  folder: string,
  pictures: readonly string[],
  options: PredictArguments,
  signal: AbortSignal,
): Promise<void> {
  const { top, flip = false, shift = 0, threads, memoryLimit, json } = options;
  const model = await loadModel(folder);
  const [channels, height, width] = imageShape(model);
  const fit = options.fit ?? (await fitOfRun(folder));
  const settings = { ...(threads !== undefined && { threads }), ...(memoryLimit !== undefined && { memoryLimit }) };
  for (let first = 0; first < pictures.length; first += AT_A_TIME) {
    const paths = pictures.slice(first, first + AT_A_TIME);
    const reads = paths.map((path) => images.read(path, { channels, height, width, fit }));
    const read = await orAborted(Promise.all(reads), signal);
    const samples = Buffer.concat(read.map(({ data }) => data));
    const { data } = await model.predict(new Uint8Array(samples), { views: { flip, shift }, signal, ...settings });
    const classes = data.length / paths.length;
    for (const [i, image] of paths.entries()) {
      const outputs = data.subarray(i * classes, (i + 1) * classes);
      const predictions = topClasses(probabilitiesOf(model, outputs), model.classNames, top);
      process.stdout.write(json ? `${JSON.stringify({ image, predictions })}\n` : text(image, predictions));
    }
  }
}

/** What the pictures that the model was trained on went through. */
async function fitOfRun(folder: string): Promise<NonNullable<ImageFolderOptions['fit']>> {
  const data = (await runOfModel(folder))?.config.data;
  return data?.type === 'imageFolder' ? ((data as unknown as ImageFolderOptions).fit ?? 'fill') : 'fill';
}

/** What pictures are made to fit. */
function imageShape(model: Model): readonly [1 | 3, number, number] {
  const [channels, height = 0, width = 0] = model.inputShape;
  if (model.inputShape.length === 3 && (channels === 1 || channels === 3) && model.outputShape.length === 1) {
    if ((model.outputShape[0] ?? 0) > 1) return [channels, height, width];
  }
  throw new ShapeError(
    `predict: expected a model of images [1, H, W] or [3, H, W] with an output for each class, received one from ` +
      `${formatShape(model.inputShape)} to ${formatShape(model.outputShape)}.`,
  );
}

function text(image: string, predictions: readonly ClassProbability[]): string {
  const rows = predictions.map(({ class: name, probability }) => [`  ${name}`, percent(probability)]);
  return `${image}\n${columns(['  class', 'probability'], rows, 1)}`;
}
