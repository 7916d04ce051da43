import { type Spread, spreadOf } from '../../../util/spread.js';
import { duration, loss, percent } from '../../format.js';
import { columns } from '../../table.js';
import type { TrainArguments } from '../command.js';
import type { JobResult } from './job.js';
import { planSeeds } from './plan-seeds.js';
import { runJobs } from './run-jobs.js';

/** `cnnative train --seeds`: the same run again and again, and how its numbers spread. */
export async function runSeeds(options: TrainArguments, signal: AbortSignal): Promise<void> {
  await runJobs(await planSeeds(options), options, signal, (results) =>
    options.json
      ? `${JSON.stringify({ event: 'summary', runs: results, ...spreads(results) })}\n`
      : `\n${runsTable(results)}${spreadsTable(results)}`,
  );
}

/** The numbers whose spread is of interest. */
const NUMBERS = ['accuracy', 'trainingSeconds', 'timeToAccuracy'] as const;

/** Of those runs that have the number: one that failed half-way has none, one that missed its target no time to it. */
function valuesOf(results: readonly JobResult[], name: (typeof NUMBERS)[number]): number[] {
  return results.flatMap((result) => (result.trainingSeconds === undefined ? [] : (result[name] ?? [])));
}

function spreads(results: readonly JobResult[]): Record<string, Spread | undefined> {
  return Object.fromEntries(NUMBERS.map((name) => [name, spreadOf(valuesOf(results, name))]));
}

function runsTable(results: readonly JobResult[]): string {
  const rows = results.map(({ name, status, epochs, accuracy, loss: lost, trainingSeconds, seconds }) => [
    name,
    status,
    `${epochs}`,
    accuracy === undefined ? '' : percent(accuracy),
    lost === undefined ? '' : loss(lost),
    trainingSeconds === undefined ? '' : duration(trainingSeconds),
    duration(seconds),
  ]);
  return columns(['run', 'status', 'epochs', 'accuracy', 'loss', 'training', 'in all'], rows, 2);
}

function spreadsTable(results: readonly JobResult[]): string {
  const rows = NUMBERS.flatMap((name) => {
    const values = valuesOf(results, name);
    const spread = spreadOf(values);
    if (!spread) return [];
    const { mean, deviation, min, max } = spread;
    const written = name === 'accuracy' ? percent : seconds;
    return [
      [
        TITLES[name],
        `${values.length}`,
        written(mean),
        deviation === null ? '' : written(deviation),
        written(min),
        written(max),
      ],
    ];
  });
  return rows.length === 0 ? '' : `\n${columns(['', 'runs', 'mean', 'deviation', 'min', 'max'], rows, 1)}`;
}

const TITLES = { accuracy: 'test accuracy', trainingSeconds: 'training time', timeToAccuracy: 'time to accuracy' };

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
