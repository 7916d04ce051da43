import { styleText } from 'node:util';

/** Whether lines can be redrawn and text can be coloured on a stream. */
export function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Makes text bold where the stream shows it; `NO_COLOR` and `FORCE_COLOR` are heeded. */
export function bold(stream: NodeJS.WriteStream, text: string): string {
  return isTerminal(stream) && stream.hasColors() ? styleText('bold', text) : text;
}
