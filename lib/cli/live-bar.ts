import cliProgress from 'cli-progress';

const LONGEST_BAR = 30;

/** What a progress bar shows. */
export interface BarState {
  readonly value: number;
  readonly total: number;
  /** Before and behind the bar. */
  readonly label: string;
  readonly text: string;
}

/** A progress bar at the bottom of a terminal, which gives way to lines above it. */
export class LiveBar {
  readonly #bar: cliProgress.SingleBar;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#bar = new cliProgress.SingleBar({
      stream,
      clearOnComplete: true,
      // The line is cut to the terminal's width here, so that no terminal setting needs to be restored at exit.
      linewrap: true,
      format: (_options, { progress, maxWidth }, { label, text }) => barLine(label, text, progress, maxWidth),
    });
  }

  show({ value, total, ...payload }: BarState): void {
    if (this.#shown) {
      this.#bar.setTotal(total);
      this.#bar.update(value, payload);
    } else {
      this.#bar.start(total, value, payload);
      this.#shown = true;
    }
  }

  /** Takes the bar off the terminal until it is shown again. */
  clear(): void {
    if (this.#shown) this.#bar.stop();
    this.#shown = false;
  }
}

/** Label, bar, percentage and text, the bar as long as the line has room for. */
export function barLine(label: string, text: string, progress: number, columns: number): string {
  const share = `${Math.floor(progress * 100)}`.padStart(3);
  // The last column stays free: a character there makes some terminals wrap.
  const room = columns - 1 - `${label}  ${share} %  ${text}`.length;
  const length = Math.max(0, Math.min(LONGEST_BAR, room));
  const filled = Math.floor(progress * length);
  const bar = length > 0 ? `${'█'.repeat(filled)}${'░'.repeat(length - filled)} ` : '';
  return `${label} ${bar}${share} %  ${text}`.slice(0, columns - 1);
}
