// npm run bench -- [options]: compares cnnative with the peers that are installed. bench/README.md explains it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checker } from './check.mjs';
import { machine } from './machine.mjs';
import { readOptions } from './options.mjs';
import { findPeers } from './peers/index.mjs';
import { markdown } from './report.mjs';
import { overall } from './statistics.mjs';

const began = performance.now();
const say = (text) => console.error(`[${((performance.now() - began) / 60_000).toFixed(1)} min] ${text}`);

async function main() {
  const options = readOptions(process.argv.slice(2));
  const { folder, rounds, seconds, threads } = options;
  mkdirSync(folder, { recursive: true });
  const { list, exported } = await findPeers(options.peers, join(folder, 'cache'));
  const peers = Object.fromEntries(list.filter(({ version }) => version).map((peer) => [peer.name, peer]));
  const report = {
    machine: await machine(threads),
    options: { rounds, seconds, threads, suites: options.suites },
    peers: list.map(({ name, version, missing }) => ({ name, version, missing })),
    checks: [],
    suites: [],
    failures: [],
  };
  const { checks, failures } = report;
  const check = checker({ exported, onnxruntime: peers.onnxruntime, checks, failures });
  for (const name of options.suites) {
    const { title, unit, better, run } = await import(`./suites/${name}.mjs`);
    const rows = await run({ ...options, peers, check, failures, say: (text) => say(`${name}: ${text}`) });
    report.suites.push({ name, title, unit, better, overall: overall(rows), rows });
    // After every suite: what is measured survives an interruption.
    writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(folder, 'report.md'), markdown(report));
  }
  process.stdout.write(markdown(report));
  say(`written: ${join(folder, 'report.md')} and report.json`);
  if (failures.length > 0) process.exitCode = 1;
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
