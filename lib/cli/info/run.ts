import { info } from '../../machine/info.js';
import { table } from '../table.js';

/** `cnnative info`. */
export function runInfo(json: boolean): void {
  const found = info();
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  process.stdout.write(
    table([
      ['cnnative', found.version],
      ['instruction set', `${found.isa} (${found.isaReason})`],
      ['possible', found.isas.join(', ')],
      ['threads', `${found.threads} (${found.threadsReason})`],
      ['Node', found.node],
      ['platform', found.platform],
    ]),
  );
}
