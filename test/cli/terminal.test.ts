import { PassThrough } from 'node:stream';
import test from 'ava';
import { clock } from '#lib/cli/format.js';
import { barLine } from '#lib/cli/live-bar.js';
import { TerminalReport } from '#lib/cli/train/terminal-report.js';
import { TextReport } from '#lib/cli/train/text-report.js';

const SETUP = {
  model: 'lenet5',
  parameters: 61706,
  dataset: 'digits',
  trainSize: 12000,
  testSize: 2000,
  epochs: 2,
  threads: 2,
  isa: 'scalar',
};
const PROGRESS = {
  event: 'progress',
  epoch: 1,
  step: 47,
  epochStep: 47,
  stepsPerEpoch: 188,
  loss: 1.23456,
  accuracy: 0.5,
  imagesPerSecond: 12345.6,
  secondsLeft: 75,
} as const;
const EPOCH = {
  event: 'epoch',
  epoch: 1,
  step: 188,
  loss: 0.5,
  accuracy: 0.875,
  valLoss: 0.25,
  valAccuracy: 0.9375,
  seconds: 1.5,
  imagesPerSecond: 8000,
} as const;

/** A stream that says it is a terminal, and what was written to it. */
function fakeTerminal(columns: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, hasColors: () => false });
  const text = () => {
    let all = '';
    // Node 26 gives what was written in pieces, those before all at once.
    for (let part = stream.read(); part !== null; part = stream.read()) all += part;
    return all;
  };
  return { stream: stream as unknown as NodeJS.WriteStream, text };
}

test('a terminal shows a bar with rate, loss, accuracy and time left', (t) => {
  const { stream, text } = fakeTerminal(140);
  const report = new TerminalReport(stream);
  t.teardown(() => report.end());
  report.begin(SETUP);
  report.event(PROGRESS);
  const bar = `${'█'.repeat(7)}${'░'.repeat(23)}`;
  t.true(text().includes(`epoch 1/2 ${bar}  loss 1.2346  accuracy  50.0 %  12,346 images/s  1:15 left`));
  report.end();
  const last = text();
  t.true(last.endsWith('\u001b[1G\u001b[2K'), 'the line of the bar is empty again');
});

test('the bar gives way to the lines a pipe would get', (t) => {
  const { stream, text } = fakeTerminal(140);
  const report = new TerminalReport(stream);
  const plain: string[] = [];
  const lines = new TextReport((line) => plain.push(line));
  for (const each of [report, lines]) {
    each.begin(SETUP);
    each.event(PROGRESS);
    each.event(EPOCH);
    each.event({ ...PROGRESS, epoch: 2 });
    each.done({ testAccuracy: 0.9375, testLoss: 0.25, seconds: 3, imagesPerSecond: 8000 });
    each.end();
  }
  const visible = text()
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\u001b[2K') + 1).replace('[2K', ''));
  t.deepEqual(visible, [...plain, '']);
});

test('the bar and all that belongs to it fit 80 columns', (t) => {
  const { stream, text } = fakeTerminal(80);
  const report = new TerminalReport(stream);
  t.teardown(() => report.end());
  report.begin({ ...SETUP, epochs: 10 });
  report.event({ ...PROGRESS, epoch: 10, accuracy: 1, secondsLeft: 599 });
  t.regex(text(), /epoch 10\/10 █+░+ {2}loss 1\.2346 {2}accuracy 100\.0 % {2}12,346 images\/s {2}9:59 left/);
});

test('the bar fits a line of any width', (t) => {
  for (let columns = 1; columns <= 140; columns++) {
    for (const progress of [0, 0.333, 1]) {
      const line = barLine('epoch 1/3', 'loss 0.1234  accuracy  97.50 %', progress, columns);
      t.true(line.length < columns);
      const bar = line.match(/[█░]/g)?.length ?? 0;
      if (columns > 20) t.true(bar >= 5 && bar <= 30);
    }
  }
  t.is(barLine('a', 'b', 0.5, 20), `a ${'█'.repeat(7)}${'░'.repeat(7)}  b`);
});

test('times left read as a clock', (t) => {
  t.deepEqual([0, 4.4, 59.6, 599, 3599, 3600, 7383].map(clock), [
    '0:00',
    '0:04',
    '1:00',
    '9:59',
    '59:59',
    '1:00:00',
    '2:03:03',
  ]);
});
