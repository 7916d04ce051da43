#!/usr/bin/env node
// The command `cnnative`: runs one command and turns whatever it throws into an exit code and one line.
import { verdict } from './errors.js';
import { interruption } from './interruption.js';
import { createProgram } from './program.js';

const signal = interruption(process);
// A reader of messages that went away is no reason to stop.
process.stderr.on('error', () => undefined);

let isOver = false;
process.on('exit', (code) => {
  if (isOver || code !== 0) return;
  process.stderr.write(
    'cnnative: expected the command to end, received an end before it, as of a module that exits or awaits what never comes.\n',
  );
  process.exitCode = 1;
});

// Not awaited: of an await at the top that never ends Node.js may warn in words of its own.
void main();

async function main(): Promise<void> {
  try {
    await createProgram(signal).parseAsync();
    // Only then it is known whether the last lines could be written.
    await flushed(process.stdout);
    signal.throwIfAborted();
  } catch (error) {
    const { exitCode, line } = verdict(error);
    if (line !== '') process.stderr.write(`cnnative: ${line}\n`);
    process.exitCode = exitCode;
    if (!signal.aborted) await flushed(process.stdout);
  }
  isOver = true;
  await flushed(process.stderr);
  // What was interrupted may be at work still, and a module may have left a timer or a connection: neither is waited for.
  process.exit();
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
