import { type IsaName, native } from '../native.js';
import { chooseIsa } from './isa.js';
import { chooseThreads, explainThreads } from './threads.js';
import { version } from './version.js';

/** What this package runs with on this machine. */
export interface Info {
  /** Version of the package. */
  readonly version: string;
  /** Instruction set in use. */
  readonly isa: IsaName;
  /** Why that one: `best of this machine` or `CNNATIVE_ISA`. */
  readonly isaReason: string;
  /** Instruction sets that could be used, best first. */
  readonly isas: readonly IsaName[];
  /** Threads in use unless a call says otherwise. */
  readonly threads: number;
  /** Why so many: `OMP_NUM_THREADS`, a cgroup quota, the affinity mask, or the processors of this process, whichever came first. */
  readonly threadsReason: string;
  readonly node: string;
  /** Such as `linux-x64`. */
  readonly platform: string;
}

/** Version, instruction sets and threads, and why they are what they are. */
export function info(): Info {
  const { isa, reason: isaReason } = chooseIsa();
  const choice = chooseThreads();
  return {
    version: version(),
    isa,
    isaReason,
    isas: native.isas(),
    threads: choice.threads,
    threadsReason: explainThreads(choice),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
