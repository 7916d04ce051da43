import { StoppedError } from './errors.js';

/** Exit codes as shells give them: 128 and the signal's number. */
const SIGNALS = [
  { name: 'SIGINT', exitCode: 130, message: 'stopped by Ctrl-C' },
  { name: 'SIGTERM', exitCode: 143, message: 'stopped by SIGTERM' },
  // A connection or a terminal that was closed.
  { name: 'SIGHUP', exitCode: 129, message: 'stopped by SIGHUP' },
] as const;

/** The parts of `process` that matter here. */
interface Host {
  readonly stdout: NodeJS.EventEmitter;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Aborted when the command is to stop: at Ctrl-C, SIGTERM, SIGHUP, or when nobody reads its output any more (as in
 * `cnnative train ... | head -1`). Its reason is a `StoppedError`. A second signal ends the process at once.
 */
export function interruption(host: Host): AbortSignal {
  const controller = new AbortController();
  for (const { name, exitCode, message } of SIGNALS) {
    host.on(name, () => {
      if (controller.signal.aborted) host.exit(exitCode);
      controller.abort(new StoppedError(message, exitCode));
    });
  }
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const closed = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
    // Who stopped reading has seen enough: nothing went wrong.
    controller.abort(closed ? new StoppedError('', 0) : new StoppedError(`standard output: ${error.message}`, 1));
  });
  return controller.signal;
}
