import test from 'ava';
import { averages, layers, optimizers } from 'cnnative';
import type { Optimizer } from '#lib/optimizers/index.js';
import { Philox } from '#lib/util/philox.js';
import { isas } from '../helpers/isas.js';
import { TestNetwork } from '../helpers/test-network.js';
import { randomLabels, randomValues } from '../helpers/values.js';

/** Every rule, with all that is summed over many weights. */
const makers: Record<keyof typeof optimizers, () => Optimizer> = {
  sgd: () => optimizers.sgd({ momentum: 0.9, clipNorm: 0.01, globalClipNorm: 0.01 }),
  rmsprop: () => optimizers.rmsprop({ centered: true, momentum: 0.5, accumulate: 2 }),
  adagrad: () => optimizers.adagrad({ average: averages.ema({ decay: 0.9 }) }),
  adadelta: () => optimizers.adadelta({ average: averages.lookahead({ steps: 2 }) }),
  adam: () => optimizers.adam({ amsgrad: true, globalClipNorm: 0.01 }),
  adamw: () => optimizers.adamw(),
  nadam: () => optimizers.nadam({ clipValue: 1e-3 }),
  lion: () => optimizers.lion(),
  muon: () => optimizers.muon({ lastLayer: 'muon', globalClipNorm: 0.01 }),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} gives the same bits with one to four threads`, async (t) => {
    const random = new Philox(70);
    // Weights of several pieces; a matrix that is wide and one that is tall.
    const network = new TestNetwork(
      [131],
      [layers.dense({ units: 270, activation: 'tanh' }), layers.dense({ units: 37 })],
    );
    const parameters = network.randomParameters(random);
    const batch = { inputs: randomValues(random, 18 * 131), labels: randomLabels(random, 18, 37) };
    const rates = [0.01, 0.02, 0.01, 0.02];
    const order = Int32Array.from({ length: 4 * 18 }, (_, i) => i % 18);
    const settings = { isa: isas.at(-1) as (typeof isas)[number], optimizer: make(), rates, order, batchSize: 18 };
    const one = await network.train(parameters, batch, { ...settings, threads: 1 });
    t.notDeepEqual(one.parameters[0], parameters[0]);
    for (const threads of [2, 3, 4]) {
      const more = await network.train(parameters, batch, { ...settings, threads });
      t.deepEqual(more.parameters, one.parameters);
      t.deepEqual(more.state, one.state);
    }
  });
}
