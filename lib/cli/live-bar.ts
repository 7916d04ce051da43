import cliProgress from 'cli-progress';

/** Characters; on a narrow terminal the text is cut rather than the bar. */
const SHORTEST_BAR = 5;
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

/** Label, bar and text, the bar as long as the line has room for. */
export function barLine(label: string, text: string, progress: number, columns: number): string {
  // The last column stays free: a character there makes some terminals wrap.
  const room = columns - 1 - `${label}   ${text}`.length;
  const length = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, room));
  const filled = Math.floor(progress * length);
  return `${label} ${'█'.repeat(filled)}${'░'.repeat(length - filled)}  ${text}`.slice(0, columns - 1);
}
