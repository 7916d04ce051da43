import assert from 'node:assert/strict';
import { InvalidArgumentError } from 'cnnative';
import { buildCallbacks } from '#lib/config/build-model.js';
import { type PartConfig, resolveConfig } from '#lib/config/config.js';
import { readConfig } from '#lib/config/read-config.js';
import { lossFromConfig } from '#lib/losses/index.js';
import { metricsFromConfig } from '#lib/metrics/index.js';
import { optimizerFromConfig } from '#lib/optimizers/index.js';
import { RIGHT } from '../../helpers/configs.js';
import type { Format } from '../format.js';
import { mutateBytes } from '../mutate-bytes.js';
import { mutateJson } from '../mutate-json.js';

/** Read, checked, and its parts made but for the network, whose layers `model-json` makes. */
export const config: Format = {
  name: 'config',
  file: 'config.json',
  errors: [InvalidArgumentError],
  samples: async () => Object.values(RIGHT).map((right) => Buffer.from(JSON.stringify(right))),
  words: ['"__proto__":', '{', '}', '[', ']', ',', 'null', '\\u0000', '"type":', '\ufeff'].map((word) =>
    Buffer.from(word),
  ),
  change: (sample, random, all) =>
    random.nextInt(4)
      ? Buffer.from(mutateJson(sample.toString('utf8'), random))
      : mutateBytes(sample, random, all, config.words),
  read: async ({ path }) => {
    const resolved = resolveConfig(await readConfig(path));
    assert.equal(typeof resolved.data.type, 'string');
    assert.ok(Number.isSafeInteger(resolved.training.epochs) && resolved.training.epochs >= 1);
    assert.ok(Number.isSafeInteger(resolved.training.batchSize) && resolved.training.batchSize >= 1);
    optimizerFromConfig('optimizer', resolved.optimizer);
    lossFromConfig('loss', resolved.loss);
    metricsFromConfig('metrics', resolved.metrics as PartConfig[]);
    buildCallbacks(resolved);
    assert.equal(Object.getPrototypeOf(resolved), Object.prototype);
    assert.equal(({} as Record<string, unknown>).type, undefined);
  },
};
