import test from 'ava';
import {
  datasets,
  InvalidArgumentError,
  layers,
  losses,
  type Metric,
  type MetricName,
  metrics,
  optimizers,
  ShapeError,
  sequential,
} from 'cnnative';
import type { Outcome } from '#lib/metrics/index.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { blobs } from '../helpers/small.js';
import { curves, modelFor } from '../helpers/target-models.js';
import { at } from '../helpers/values.js';

const of = (metric: Metric, outcome: Partial<Outcome> & Pick<Outcome, 'elements' | 'outputs'>) =>
  metric.compute?.({ size: outcome.outputs.length / outcome.elements, ...outcome });

/** Outputs whose largest is at these places. */
const answers = (places: number[], classes: number) =>
  Float32Array.from({ length: places.length * classes }, (_, i) =>
    places[Math.floor(i / classes)] === i % classes ? 1 : 0,
  );

// Truth 0 0 0 1 1 2 2 2 2, predicted 0 0 1 1 2 2 2 0 1.
const truth = Int32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2);
const three = { elements: 3, outputs: answers([0, 0, 1, 1, 2, 2, 2, 0, 1], 3), labels: truth };

test('an example by hand: three classes', (t) => {
  t.deepEqual(of(metrics.confusionMatrix(), three), [
    [2, 1, 0],
    [0, 1, 1],
    [1, 1, 2],
  ]);
  const [precision, recall] = [
    [2 / 3, 1 / 3, 2 / 3],
    [2 / 3, 1 / 2, 2 / 4],
  ];
  const f1 = precision.map((p, k) => (2 * p * at(recall, k)) / (p + at(recall, k)));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  isClose(t, 'precision', [of(metrics.precision(), three) as number], [mean(precision)], 1e-12);
  isClose(t, 'recall', [of(metrics.recall(), three) as number], [mean(recall)], 1e-12);
  isClose(t, 'f1', [of(metrics.f1(), three) as number], [mean(f1)], 1e-12);
  const soft = { ...three, labels: undefined, targets: answers(Array.from(truth), 3) };
  for (const make of [metrics.precision, metrics.recall, metrics.f1, metrics.confusionMatrix]) {
    t.deepEqual(of(make(), soft), of(make(), three));
  }
});

test('an example by hand: one output', (t) => {
  const thresholds = { ofX: 0.5, ofT: 0.5 };
  const outputs = Float32Array.of(0.9, 0.8, 0.3, 0.6, 0.1, 0.4);
  const one = { elements: 1, outputs, targets: Float32Array.of(1, 1, 1, 0, 0, 0), thresholds };
  t.deepEqual(of(metrics.confusionMatrix(), one), [
    [2, 1],
    [1, 2],
  ]);
  t.is(of(metrics.precision(), one), 2 / 3);
  t.is(of(metrics.recall(), one), 2 / 3);
  isClose(t, 'f1', [of(metrics.f1(), one) as number], [2 / 3], 1e-12);
  // Of nine pairs 0.3 loses to 0.6 and 0.4.
  t.is(of(metrics.auc(), one), 7 / 9);
  const none = { ...one, outputs: new Float32Array(6) };
  t.deepEqual([of(metrics.precision(), none), of(metrics.recall(), none), of(metrics.f1(), none)], [0, 0, 0]);
});

test('several questions: the mean over them', (t) => {
  const two = {
    elements: 2,
    outputs: Float32Array.of(1, -1, 1, 1, -1, 1, -1, -1),
    targets: Float32Array.of(1, 1, 0, 1, 0, 1, 0, 0),
    thresholds: { ofX: 0, ofT: 0.5 },
  };
  t.is(of(metrics.precision(), two), (1 / 2 + 1) / 2);
  t.is(of(metrics.recall(), two), (1 + 2 / 3) / 2);
});

test('classes that neither occur nor are predicted do not count', (t) => {
  const set = { elements: 4, outputs: answers([0, 0, 1], 4), labels: Int32Array.of(0, 1, 1) };
  t.is(of(metrics.precision(), set), (1 / 2 + 1) / 2);
  t.is(of(metrics.recall(), set), (1 + 1 / 2) / 2);
});

test('auc is the share of pairs in order, equal ones half', (t) => {
  const random = new Philox(520);
  for (const levels of [3, 10, 1000]) {
    const size = 60;
    const outputs = Float32Array.from({ length: size }, () => random.nextInt(levels) / levels);
    const targets = Float32Array.from({ length: size }, () => random.nextInt(2));
    let [pairs, won] = [0, 0];
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        if (targets[a] !== 1 || targets[b] !== 0) continue;
        pairs++;
        won += at(outputs, a) > at(outputs, b) ? 1 : at(outputs, a) === at(outputs, b) ? 0.5 : 0;
      }
    }
    isClose(t, `${levels}`, [of(metrics.auc(), { elements: 1, outputs, targets }) as number], [won / pairs], 1e-12);
    const both = Float32Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? 0.25 : at(outputs, i >> 1)));
    const labelled = { elements: 2, outputs: both, labels: Int32Array.from(targets) };
    isClose(t, 'two outputs', [of(metrics.auc(), labelled) as number], [won / pairs], 1e-12);
  }
  const alike = { elements: 1, outputs: Float32Array.of(1, 2), targets: Float32Array.of(1, 1) };
  t.is(of(metrics.auc(), alike), Number.NaN);
});

test('top k counts the classes before one, the first of equal ones first', (t) => {
  const outputs = Float32Array.of(0.1, 0.5, 0.3, 0.1, 0.2, 0.2, 0.4, 0.2, Number.NaN, 0, 0, 0);
  const set = { elements: 4, outputs, labels: Int32Array.of(2, 1, 0) };
  t.deepEqual(
    [1, 2, 3, 4].map((k) => of(metrics.topK({ k }), set)),
    [0, 1 / 3, 2 / 3, 2 / 3],
  );
  t.is(of(metrics.topK({ k: 1 }), three), 5 / 9);
});

test('errors are means over samples and outputs', (t) => {
  const set = { elements: 2, outputs: Float32Array.of(1, 2, 3, 4), targets: Float32Array.of(0, 2, 5, 1) };
  t.is(of(metrics.meanSquaredError(), set), (1 + 0 + 4 + 9) / 4);
  t.is(of(metrics.meanAbsoluteError(), set), (1 + 0 + 2 + 3) / 4);
  t.is(of(metrics.meanSquaredError(), three), (2 * 4) / 27);
});

test('evaluate and fit report what a model was compiled with', async (t) => {
  const set = blobs(40);
  const names: MetricName[] = ['confusionMatrix', 'accuracy', 'precision', 'recall', 'f1', 'meanSquaredError'];
  const model = modelFor('sparseCategoricalCrossentropy', {
    ...{ units: 3, activation: 'softmax' },
    metrics: [...names, metrics.topK({ k: 2 })],
  });
  const { history } = await model.fit(set, { epochs: 2, validationData: set });
  const evaluation = await model.evaluate(set, { batchSize: 7 });
  t.deepEqual(Object.keys(history).sort(), [
    ...['accuracy', 'loss', 'valAccuracy', 'valF1', 'valLoss', 'valMeanSquaredError', 'valPrecision', 'valRecall'],
    'valTopK',
  ]);
  t.deepEqual(Object.keys(evaluation).sort(), [...names, 'loss', 'topK'].sort());
  t.is(history.valF1?.length, 2);
  t.is(history.valF1?.[1], evaluation.f1);
  t.is(history.valTopK?.[1], evaluation.topK);
  const hits = evaluation.confusionMatrix?.reduce((sum, row, k) => sum + (row[k] as number), 0) ?? 0;
  isClose(t, 'accuracy', [evaluation.accuracy ?? 0], [hits / 40], 1e-12);
  // The softmax is looked through by the loss; metrics see its outputs.
  const { data } = await model.predict(set.images as Float32Array);
  const error = data.reduce((sum, p, i) => sum + (p - Number(set.labels[Math.floor(i / 3)] === i % 3)) ** 2, 0) / 120;
  isClose(t, 'error', [evaluation.meanSquaredError ?? 0], [error], 1e-5);
});

test('evaluate reports other metrics when asked', async (t) => {
  const set = blobs(40);
  const plain = modelFor('sparseCategoricalCrossentropy', { units: 3 });
  const rich = modelFor('sparseCategoricalCrossentropy', { units: 3, metrics: ['accuracy', 'f1', 'confusionMatrix'] });
  const expected = await rich.evaluate(set);
  t.deepEqual(await plain.evaluate(set, { metrics: ['accuracy', 'f1', metrics.confusionMatrix()] }), expected);
  t.deepEqual(await plain.evaluate(set, { metrics: ['accuracy'] }), {
    loss: expected.loss,
    accuracy: expected.accuracy,
  });
  t.deepEqual(await rich.evaluate(set, { metrics: [] }), { loss: expected.loss });
  t.deepEqual(await plain.evaluate(set), { loss: expected.loss });
  await t.throwsAsync(async () => plain.evaluate(set, { metrics: ['auc'] }), {
    message: /^model\.evaluate: .*metric auc/,
  });
  await t.throwsAsync(async () => plain.losses(set, { metrics: ['f1'] } as never), {
    message: /^model\.losses: .*metrics/,
  });
});

test('metrics of one output part probabilities at a half, logits and hinge at zero', async (t) => {
  const { images, labels } = blobs(60);
  for (const [loss, activation, no] of [
    [losses.binaryCrossentropy(), 'sigmoid', 0],
    [losses.binaryCrossentropy(), 'linear', 0],
    [losses.binaryCrossentropy({ fromLogits: false }), 'sigmoid', 0],
    [losses.meanSquaredError(), 'linear', 0],
    [losses.hinge(), 'linear', -1],
  ] as const) {
    const targets = Float32Array.from(labels, (label) => (label === 1 ? 1 : no));
    const set = datasets.fromArrays({ images, shape: [2], targets });
    const model = modelFor(loss, { units: 1, activation, metrics: ['accuracy', 'confusionMatrix', 'auc'] });
    await model.fit(set, { epochs: 1 });
    const { data } = await model.predict(images as Float32Array);
    const half = activation === 'sigmoid' || loss.name === 'meanSquaredError' ? 0.5 : 0;
    const { accuracy, confusionMatrix: [[, above = -1] = [], [, right = -1] = []] = [] } = await model.evaluate(set);
    const count = (isTrue: boolean) => data.filter((y, n) => (targets[n] === 1) === isTrue && y > half).length;
    t.deepEqual([above, right], [count(false), count(true)], `${loss.name} behind ${activation}`);
    const correct = data.filter((y, n) => y > half === (targets[n] === 1)).length;
    isClose(t, 'accuracy', [accuracy ?? 0], [correct / 60], 1e-12);
  }
});

test('accuracy of several questions is the share of right answers', async (t) => {
  const set = curves(30);
  const bits = { ...set, targets: set.targets.map((x) => Number(x > 0)) };
  const model = modelFor('binaryCrossentropy', { metrics: ['accuracy'] });
  const { data } = await model.predict(set.images as Float32Array);
  const correct = data.filter((z, i) => z > 0 === (bits.targets[i] === 1)).length;
  isClose(t, 'accuracy', [(await model.evaluate(bits)).accuracy ?? 0], [correct / 60], 1e-6);
});

test('metrics that are none, or make no sense, are refused', (t) => {
  const model = sequential({ inputShape: [2] }, [layers.dense({ units: 3 })]);
  const compile = (given: unknown) => () =>
    model.compile({
      ...{ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' },
      metrics: given as MetricName[],
    });
  t.throws(compile(['specificity']), { instanceOf: InvalidArgumentError, message: /'accuracy', 'topK'.*for metrics/ });
  t.throws(compile('accuracy'), { message: /array of names for metrics/ });
  t.throws(compile([{ name: 'accuracy' }]), {
    message: /as metrics\.topK\(.* makes them, for metrics, received an object/,
  });
  const maps = sequential({ inputShape: [1, 4, 4] }, [layers.conv2d({ filters: 1, kernelSize: 1 })]);
  for (const name of ['topK', 'precision', 'recall', 'f1', 'confusionMatrix'] as const) {
    t.throws(() => maps.compile({ optimizer: optimizers.sgd(), loss: 'binaryCrossentropy', metrics: [name] }), {
      instanceOf: ShapeError,
      message: new RegExp(`outputs of shape \\[classes\\] for the metric ${name}, received .*\\[1, 4, 4\\]`),
    });
  }
  t.throws(compile(['f1', 'f1']), { message: /each of the metrics once, received f1 again/ });
  t.throws(compile(['auc']), { instanceOf: ShapeError, message: /one or two outputs for the metric auc.*\[3\]/ });
  t.throws(compile(['topK']), { instanceOf: InvalidArgumentError, message: /at least 5 outputs.*received 3/ });
  t.throws(() => metrics.topK({ k: 0 }), { message: /metrics\.topK: expected an integer of at least 1 for k/ });
  t.throws(() => metrics.topK({ n: 2 } as never), { message: /only the options k/ });
  for (const name of ['accuracy', 'precision', 'auc', 'confusionMatrix', 'meanAbsoluteError'] as const) {
    const given = metrics[name] as (options: object) => unknown;
    t.throws(() => given({ k: 2 }), { message: `metrics.${name}: expected no options, received "k". Leave it out.` });
  }
});
