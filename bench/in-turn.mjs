// Measures `cnnative bench` and a peer in turn, so that both see the same moods of the machine.
//
//   node bench/in-turn.mjs [--rounds N] [options of cnnative bench] -- PEER COMMAND...
//
// The peer prints one JSON line with `imagesPerSecond`. Prints one JSON line: both medians, all rounds, and the ratio of
// each round's pair with its median and range.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const arguments_ = process.argv.slice(2);
const split = arguments_.indexOf('--');
if (split < 0 || split === arguments_.length - 1) {
  console.error('usage: node bench/in-turn.mjs [--rounds N] [options of cnnative bench] -- PEER COMMAND...');
  process.exit(2);
}
const own = arguments_.slice(0, split);
const [peer, ...peerArguments] = arguments_.slice(split + 1);
const at = own.indexOf('--rounds');
const rounds = at < 0 ? 5 : Number(own.splice(at, 2)[1]);

const rate = (command, args) => JSON.parse(execFileSync(command, args, { encoding: 'utf8' }).trim()).imagesPerSecond;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const pairs = [];
for (let round = 0; round < rounds; round++) {
  pairs.push({ own: rate(process.execPath, [cli, 'bench', '--json', ...own]), peer: rate(peer, peerArguments) });
}
const ratios = pairs.map((pair) => pair.own / pair.peer);
console.log(
  JSON.stringify({
    own: median(pairs.map((pair) => pair.own)),
    peer: median(pairs.map((pair) => pair.peer)),
    ratio: median(ratios),
    ratioRange: [Math.min(...ratios), Math.max(...ratios)],
    pairs,
  }),
);
