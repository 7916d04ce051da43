#!/usr/bin/env node
// The command `cnnative`: runs one command and turns whatever it throws into an exit code and one line.
import { verdict } from './errors.js';
import { interruption } from './interruption.js';
import { createProgram } from './program.js';

const signal = interruption(process);
// A reader of messages that went away is no reason to stop.
process.stderr.on('error', () => undefined);

try {
  await createProgram(signal).parseAsync();
  // Only then it is known whether the last lines could be written.
  await flushed(process.stdout);
  signal.throwIfAborted();
} catch (error) {
  const { exitCode, line } = verdict(error);
  if (line !== '') process.stderr.write(`cnnative: ${line}\n`);
  process.exitCode = exitCode;
  // What was interrupted may be at work still, and is not waited for.
  if (signal.aborted) process.exit();
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
