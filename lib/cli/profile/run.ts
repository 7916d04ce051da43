import { workloadRuntime } from '../../bench/workload-runtime.js';
import { workloads } from '../../bench/workloads/index.js';
import { version } from '../../machine/version.js';
import { type Profile, profile } from '../../model/profiling.js';
import type { CallProfile, Cost } from '../../program/profile.js';
import { count } from '../format.js';
import { columns, table } from '../table.js';
import type { ProfileArguments } from './command.js';

/** `cnnative profile`. */
export async function runProfile(options: ProfileArguments, signal: AbortSignal): Promise<void> {
  const { workload: name, phase, seconds, threads, memoryLimit, json } = options;
  const workload = workloads[name];
  const measured = await profile('profile', workloadRuntime('profile', workload), {
    phase,
    batchSize: options.batch ?? workload.batchSize,
    seconds,
    signal,
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  });
  const calls = chosen(measured.calls, options);
  process.stdout.write(json ? `${asJson(name, measured, calls)}\n` : asText(name, measured, calls));
}

/** The rows to show, in the order asked for. */
function chosen(calls: readonly CallProfile[], { sort, top = calls.length }: ProfileArguments): CallProfile[] {
  const byTime = [...calls].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, top);
  return sort === 'time' ? byTime : calls.filter((call) => byTime.includes(call));
}

function asJson(workload: string, measured: Profile, calls: readonly CallProfile[]): string {
  const { phase, batchSize, threads, isa, steps, stepMilliseconds, peakGflops, total } = measured;
  const result = {
    library: `cnnative ${version()}`,
    workload,
    phase,
    batch: batchSize,
    threads,
    isa,
    steps,
    stepMilliseconds,
    peakGflops,
    calls,
    total,
  };
  // More digits than the clock has are of no use to anybody.
  const shorten = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  return JSON.stringify(result, shorten);
}

function asText(workload: string, measured: Profile, calls: readonly CallProfile[]): string {
  const { phase, batchSize, threads, isa, steps, stepMilliseconds, peakGflops, total } = measured;
  const summary = table([
    ['library', `cnnative ${version()}`],
    ['workload', `${workload}, ${phase}, batch ${batchSize}`],
    ['threads', `${threads}, ${isa}, ${peakGflops.toFixed(0)} GFLOP/s of multiply-adds each`],
    ['step', `${milliseconds(stepMilliseconds)} ms on the clock (of ${count(steps)} steps)`],
    ['in calls', `${((total.milliseconds / (stepMilliseconds * threads)) * 100).toFixed(0)} % of the threads' time`],
  ]);
  const rows = calls.map((call) => [call.layer, call.call, ...costCells(call, total.milliseconds > 0 && isOnce(call))]);
  const hidden = measured.calls.length - calls.length;
  const head = ['layer', 'call', 'ms', 'share', 'GFLOP/s', '% of peak', 'MB', 'GB/s'];
  const last = ['total', hidden > 0 ? `all ${measured.calls.length} calls` : '', ...costCells(total, false)];
  return `${summary}\n${columns(head, [...rows, last], 2)}`;

  function isOnce(call: CallProfile): boolean {
    return phase === 'infer' && call.phase === 'prepare';
  }
}

function costCells(cost: Cost, once: boolean): string[] {
  const { gflops, percentOfPeak, bytes, gigabytesPerSecond, share } = cost;
  return [
    milliseconds(cost.milliseconds),
    once ? 'once' : `${(share * 100).toFixed(1)} %`,
    gflops > 0 ? gflops.toFixed(1) : '',
    gflops > 0 ? percentOfPeak.toFixed(0) : '',
    (bytes / 1e6).toFixed(2),
    gigabytesPerSecond.toFixed(1),
  ];
}

function milliseconds(value: number): string {
  return value.toFixed(value < 1 ? 4 : value < 100 ? 3 : 1);
}
