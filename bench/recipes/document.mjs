// What is measured of recipes, as Markdown.
import { datasets, recipes } from 'cnnative';
import { number, table } from '../report.mjs';

/** All recipes in a row each; empty cells where one was not measured. */
export function overview(list) {
  const titles = [
    ...['recipe', 'data set', 'parameters', 'multiply-adds', 'epochs', 'TFLOP'],
    ...['test accuracy', 'seconds', 'seeds', 'of the rate of its step'],
  ];
  return table(
    titles,
    list.map(({ name, dataset, parameters, multiplyAdds, epochs, measured }) => [
      `\`${name}\``,
      dataset,
      number(parameters),
      `${(multiplyAdds / 1e6).toFixed(2)} M`,
      `${epochs}`,
      number((6 * multiplyAdds * epochs * imagesAnEpoch(name, dataset)) / 1e12),
      measured ? percentages(measured.accuracy) : '',
      measured ? seconds(measured.seconds) : '',
      measured ? `${measured.seeds.length}` : '',
      measured ? share(measured.rateOfStep) : '',
    ]),
  );
}

/** Without those that fill no batch, where these are dropped. */
function imagesAnEpoch(name, dataset) {
  const { train } = datasets.catalog[dataset];
  const { batchSize, lastBatch } = recipes.training(name);
  return lastBatch === 'drop' ? Math.floor(train / batchSize) * batchSize : train;
}

/** The section of one that was measured. */
export function section({ name, goal, held, seeds, accuracy, seconds: time, flop, rates, runs }, machine, date) {
  const rows = runs.map((run, i) => [
    `${run.seed}`,
    percent(run.accuracy),
    run.seconds.toFixed(1),
    number(run.imagesPerSecond),
    share(rates.fit[i] / rates.step[i]),
  ]);
  const count = `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  return [
    `Measured ${date} with ${machine}: ${percentages(accuracy)} in ${seconds(time)} s of training (${count}), ${number(flop / 1e12)} TFLOP. ` +
      `Required: ${share(goal.accuracy, 1)} in under ${number(goal.seconds)} s with ${goal.seeds}: ${held ? 'held' : '**not held**'}.`,
    table(['seed', 'test accuracy', 'seconds', 'images/s', 'of the rate of its step'], rows),
    `![Learning curves of ${name}](recipes/${name}.svg)`,
  ].join('\n\n');
}

function percentages({ mean, deviation }) {
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${(deviation * 100).toFixed(2)}`;
}

function seconds({ mean, deviation }) {
  return deviation === null ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${deviation.toFixed(1)}`;
}

function percent(value) {
  return share(value, 2);
}

function share(value, digits = 0) {
  return `${(value * 100).toFixed(digits)} %`;
}
