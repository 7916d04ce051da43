import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { attempts } from '../helpers/attempts.js';
import { cli, jsonLines, signalAfter } from '../helpers/cli.js';
import { firstDifference } from '../helpers/first-difference.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('a run that was killed goes on to the same weights', async (t) => {
  const folder = await temporaryFolder(t);
  const config = join(folder, 'a.json');
  const content = {
    data: { type: 'digits', train: 200, test: 50 },
    model: {
      layers: [
        { type: 'conv2d', filters: 4, kernelSize: 3, strides: 2, activation: 'relu' },
        { type: 'flatten' },
        { type: 'dense', units: 10, activation: 'softmax' },
      ],
    },
    optimizer: {
      type: 'adam',
      learningRate: { type: 'oneCycle', maxLearningRate: 0.02 },
      average: { type: 'ema', decay: 0.9 },
    },
    augment: [{ type: 'randomCrop', padding: 2 }, { type: 'mixup' }],
    training: { epochs: 60, batchSize: 20, logEvery: 1 },
    checkpoint: { everySteps: 7 },
  };
  await writeFile(config, JSON.stringify(content));
  const [whole, parted] = [join(folder, 'whole'), join(folder, 'parted')];
  const straight = await cli(['train', config, '--json', '--out', whole]);
  t.is(straight.code, 0, straight.stderr);
  // It may come to its end before we are told of so many lines.
  const killed = await attempts(10, async () => {
    await rm(parted, { recursive: true, force: true });
    const args = ['train', config, '--json', '--out', parted];
    const { signal } = await cli(args, { onStdout: signalAfter(60, 'SIGKILL') });
    return signal ?? undefined;
  });
  t.is(killed, 'SIGKILL');
  const resumed = await cli(['train', '--resume', parted, '--json', '--threads', '1']);
  t.is(resumed.code, 0, resumed.stderr);
  const weights = (out: string, part: string) => readFile(join(out, part, 'weights.safetensors'));
  for (const part of ['model', 'best']) t.deepEqual(await weights(parted, part), await weights(whole, part), part);
  const lines = async (out: string) =>
    jsonLines(await readFile(join(out, 'metrics.jsonl'), 'utf8')).map(({ seconds, imagesPerSecond, ...rest }) => rest);
  t.is(firstDifference(await lines(parted), await lines(whole)), undefined);
});
