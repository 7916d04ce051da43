import type { Command } from 'commander';
import { jsonOption } from '../options.js';

const HELP = `
CNNATIVE_ISA=scalar|avx2|avx512|neon forces an instruction set, OMP_NUM_THREADS=N a number of threads.`;

export function addInfoCommand(program: Command): void {
  program
    .command('info')
    .description('Version, instruction sets and threads on this machine, and why they are what they are.')
    .addOption(jsonOption('print one JSON object'))
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const { runInfo } = await import('./run.js');
      runInfo(json === true);
    });
}
