import { CommanderError } from 'commander';
import { CnnativeError } from '../errors/index.js';

/** The command line was not what it should be. */
export class UsageError extends Error {}

/** The command was stopped from outside. With an empty message nothing is said about it. */
export class StoppedError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** How a command that threw ends. */
export interface Verdict {
  readonly exitCode: number;
  /** One line for stderr; none when empty. */
  readonly line: string;
}

export function verdict(error: unknown): Verdict {
  // Help and version end commander's parsing, too; they were shown already.
  if (error instanceof CommanderError && error.exitCode === 0) return { exitCode: 0, line: '' };
  const line = oneLine(error instanceof Error ? error.message : String(error));
  if (error instanceof StoppedError) return { exitCode: error.exitCode, line };
  return { exitCode: isUsage(error) ? 2 : 1, line };
}

/** Arguments and shapes the library cannot take come from arguments of the command, its configuration, or the environment. */
function isUsage(error: unknown): boolean {
  const codes: readonly unknown[] = ['ERR_INVALID_ARGUMENT', 'ERR_SHAPE'];
  return error instanceof UsageError || (error instanceof CnnativeError && codes.includes(error.code));
}

function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^cnnative: /, '');
}
