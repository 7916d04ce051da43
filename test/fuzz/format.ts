import type { CnnativeError } from 'cnnative';
import type { Philox } from '#lib/util/philox.js';

/** What reads a file that anybody may have made, and how to make such files: all the harness knows of a format. */
export interface Format {
  readonly name: string;
  /**
   * The file each input is written to, in a folder of its own; left out when the reader takes bytes.
   */
  readonly file?: string;
  /** Valid files. The harness first reads each as it is. */
  samples(): Promise<Buffer[]>;
  /** Writes what a reader needs beside the file. */
  prepare?(folder: string): Promise<void>;
  /** Pieces that mean something in the format, to be put anywhere. */
  readonly words?: readonly Uint8Array[];
  /**
   * An input made of a valid file.
   * @default bytes changed, see mutateBytes
   */
  change?(sample: Buffer, random: Philox, samples: readonly Buffer[]): Buffer;
  /**
   * Reads an input and checks with node:assert that what was read holds together.
   *
   * @param input its bytes, and the path they were written to
   */
  read(input: { readonly bytes: Buffer; readonly path: string }): Promise<void>;
  /** What readers may throw. */
  readonly errors: readonly (abstract new (
    ...args: never[]
  ) => CnnativeError)[];
  /**
   * Bytes the process may take beyond those it takes for valid files.
   * @default 192 MiB
   */
  readonly mostMemory?: number;
}
