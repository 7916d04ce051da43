// The report as Markdown; report.json has the same and every round.
import { markdownTable } from 'markdown-table';
import { overall } from './statistics.mjs';

export function markdown(report) {
  const { machine, options, peers, checks, suites, failures } = report;
  const parts = ['# Benchmark', machineText(machine), settingsText(options)];
  if (peers.length > 0) parts.push(peersText(peers));
  if (checks.length > 0) parts.push(checksText(checks));
  for (const suite of suites) parts.push(suiteText(suite));
  if (failures.length > 0) parts.push('## Failures', failures.map(failureText).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function machineText({ cpu, cores, memoryBytes, isa, threads, peakGflops, node, platform, cnnative, date }) {
  return (
    `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GB, ${platform}, Node ${node}, cnnative ${cnnative}: ` +
    `${isa}, ${threads} threads, multiply-add peak ${number(peakGflops)} GFLOP/s.`
  );
}

function settingsText({ rounds, seconds }) {
  return (
    `${rounds} rounds of ${seconds} s, contestants in turn. Values are medians of all rounds with their range; a ratio above 1 says how ` +
    'many times as good cnnative is: the median of the ratios of each round, with an interval for it. bench/README.md explains the columns.'
  );
}

function peersText(peers) {
  return peers.map(({ name, version, missing }) => `- ${name}: ${version ?? `not installed (${missing})`}`).join('\n');
}

function checksText(checks) {
  const difference = (value) => (value === undefined ? '' : value.toExponential(1));
  return table(
    ['same network', 'parameters', 'multiply-adds', 'difference from PyTorch', 'from ONNX Runtime'],
    checks.map(({ workload, parameters, forwardMacs, pytorch, onnxruntime }) => {
      return [workload, number(parameters), number(forwardMacs), difference(pytorch), difference(onnxruntime)];
    }),
  );
}

function failureText({ contestant, message, ...cells }) {
  return `- ${Object.values(cells).join(' ')}, ${contestant}: ${message}`;
}

function suiteText({ title, unit, rows }) {
  if (rows.length === 0) return `## ${title}\n\nNothing to measure.`;
  const has = (key) => rows.some((row) => row[key] !== undefined);
  const names = Object.keys(rows[0].cells);
  const columns = [
    ...names.map((name) => [name, ({ cells }) => cells[name]]),
    [`cnnative, ${unit}`, ({ own }) => spread(own)],
    has('percentOfPeak') && ['% of peak', ({ percentOfPeak }) => number(percentOfPeak)],
    has('gigabytesPerSecond') && ['GB/s', ({ gigabytesPerSecond }) => number(gigabytesPerSecond)],
    has('busy') && ['busy', ({ busy }) => busy.toFixed(2)],
    ['peer', ({ peer }) => (peer ? peer.name + (peer.note ? ` (${peer.note})` : '') : '-')],
    [`peer, ${unit}`, ({ peer }) => (peer ? spread(peer) : '')],
    ['ratio', ({ ratio }) => (ratio ? `${number(ratio.median)} (${number(ratio.low)} to ${number(ratio.high)})` : '')],
  ].filter(Boolean);
  const body = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const parts = [
    `## ${title}`,
    table(
      columns.map(([title]) => title),
      body,
    ),
  ];
  const summary = overall(rows).map(
    ({ peer, group, geometricMean, minimum, rows: count }) =>
      `- against ${peer}${group ? `, ${group}` : ''}: geometric mean of ${count} ratios ${number(geometricMean)}, smallest ${number(minimum)}`,
  );
  if (summary.length > 0) parts.push(summary.join('\n'));
  return parts.join('\n\n');
}

function spread({ median, min, max }) {
  return `${number(median)} (${number(min)} to ${number(max)})`;
}

/** Three digits that count, thousands apart: 0.0123, 4.56, 78.9, 12,345. */
export function number(value) {
  if (value === undefined) return '';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value === 0 ? '0' : Number(value.toPrecision(3)).toString();
}

const NUMBER = /^([\d.,e-]+( \(.* to .*\))?)?$/;

/** Numbers stand at the right, names at the left. */
export function table(titles, rows) {
  const align = titles.map((_, i) => (rows.every((row) => NUMBER.test(row[i])) ? 'r' : 'l'));
  return markdownTable([titles, ...rows.map((row) => row.map((cell) => `${cell}`))], { align });
}
