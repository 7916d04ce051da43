// Measuring contestants in turn, so that all of them see the same moods of the machine.
import { compare, summarize } from './statistics.mjs';

/**
 * Measures a case: every round each contestant once, ours first, each in a process of its own.
 *
 * @param context `rounds`, `say(text)` for progress, and `failures`, a list that gets what went wrong
 * @param contest what is measured:
 *   `cells`: what names the case in the report, such as `{ network: 'lenet5' }`;
 *   `metrics`: of the values measured, those to report, each with `group` and more `cells`;
 *   `better`: 'higher' or 'lower';
 *   `own`, and `peers` by name: functions that measure once and give `{ values, note, percentOfPeak, busy }`, all but the first optional
 * @returns rows of the report: one for each metric and peer
 */
export async function inTurn({ rounds, say, failures }, { cells, metrics, better, own, peers }) {
  const contestants = [['cnnative', own], ...Object.entries(peers)].map(([name, measure]) => ({
    name,
    measure,
    results: [],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      if (contestant.failed) continue;
      say(`${Object.values(cells).join(' ')}: ${contestant.name}, round ${round + 1} of ${rounds}`);
      try {
        contestant.results.push(await contestant.measure());
      } catch (error) {
        // The others go on: one missing number must not cost an hour of measuring.
        contestant.failed = true;
        failures.push({ ...cells, contestant: contestant.name, message: error.message });
      }
    }
  }
  const [ours, ...others] = contestants.filter(({ failed }) => !failed);
  if (ours?.name !== 'cnnative') return [];
  return Object.entries(metrics).flatMap(([key, { group, cells: more }]) => {
    const valuesOf = ({ results }) => results.map(({ values }) => values[key]);
    const row = { cells: { ...cells, ...more }, group, own: summarize(valuesOf(ours)) };
    const share = ours.results.map(({ percentOfPeak }) => percentOfPeak?.[key]);
    if (share.every((value) => value !== undefined)) row.percentOfPeak = summarize(share).median;
    const busy = ours.results.map((result) => result.busy);
    if (busy.every((value) => value !== undefined)) row.busy = summarize(busy).median;
    // A peer may lack a metric, such as a direction it has no kernel for.
    const able = others.filter((peer) => valuesOf(peer).every((value) => value !== undefined && value !== null));
    if (able.length === 0) return [{ ...row, peer: null }];
    return able.map((peer) => ({
      ...row,
      peer: { name: peer.name, note: peer.results.at(-1).note, ...summarize(valuesOf(peer)) },
      ratio: compare(valuesOf(ours), valuesOf(peer), better),
    }));
  });
}
