import test from 'ava';
import { layers } from 'cnnative';
import {
  type Anything,
  JUNK,
  junkBut,
  NAMES,
  objects,
  POSITIVE,
  refused,
  refusesOptions,
  show,
} from '../helpers/bad-values.js';

test('random layers refuse what is no option', async (t) => {
  const seed = [...junkBut(0), 2 ** 53];
  const dropping = { rate: [...junkBut(0), 1, undefined], seed, name: NAMES };
  await refusesOptions(t, layers.dropout, { rate: 0.5 }, dropping);
  await refusesOptions(t, layers.spatialDropout2d, { rate: 0.5 }, dropping);
  const stddev = [...junkBut(...POSITIVE), undefined];
  await refusesOptions(t, layers.gaussianNoise, { stddev: 0.5 }, { stddev, seed, name: NAMES });
  for (const options of [...JUNK, undefined] as Anything[]) {
    await refused(t, show(options), () => layers.dropout(options));
    await refused(t, show(options), () => layers.spatialDropout2d(options));
    await refused(t, show(options), () => layers.gaussianNoise(options));
  }
});

test('layers that normalise refuse what is no option', async (t) => {
  const affine = { epsilon: junkBut(1.5, 2 ** 53, 1e300), scale: junkBut(true, false), center: junkBut(true, false) };
  for (const make of [layers.batchNormalization, layers.layerNormalization, layers.instanceNormalization]) {
    await refusesOptions(t, make, {}, { ...affine, name: NAMES });
    for (const options of junkBut(...objects)) await refused(t, show(options), () => make(options as Anything));
  }
  const groups = [...junkBut(2 ** 53), undefined];
  await refusesOptions(t, layers.groupNormalization, { groups: 2 }, { groups, ...affine, name: NAMES });
  const positive = junkBut(1.5, 2 ** 53, 1e300);
  await refusesOptions(
    t,
    layers.localResponseNormalization,
    {},
    {
      size: [...JUNK, 2 ** 20],
      alpha: positive.filter((value) => value !== 0),
      beta: positive.filter((value) => value !== 0),
      k: positive,
      name: NAMES,
    },
  );
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.groupNormalization(options as Anything));
    await refused(t, show(options), () => layers.localResponseNormalization(options as Anything));
  }
});

test('layers that merge or rearrange refuse what is no option', async (t) => {
  for (const make of [layers.add, layers.multiply, layers.average, layers.maximum]) {
    await refusesOptions(t, make, {}, { name: NAMES });
  }
  await refusesOptions(t, layers.concatenate, {}, { axis: junkBut(0), name: NAMES });
  await refusesOptions(
    t,
    layers.reshape,
    { targetShape: [2, -1] },
    { targetShape: [...JUNK, [0], [-2], [1.5], [-1, -1], ['3'], undefined], name: NAMES },
  );
  await refusesOptions(
    t,
    layers.permute,
    { axes: [1, 2, 0] },
    { axes: [...JUNK, [1], [0, 0], [0, 2], [1, 2, 3], [-1, 0], ['0'], [0, 1, 2, 3, 4], undefined], name: NAMES },
  );
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.concatenate(options as Anything));
    await refused(t, show(options), () => layers.reshape(options as Anything));
    await refused(t, show(options), () => layers.permute(options as Anything));
    await refused(t, show(options), () => layers.multiply(options as Anything));
  }
});
