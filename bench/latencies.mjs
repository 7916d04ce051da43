import { quantileSorted } from 'simple-statistics';

const WARM_UP_CALLS = 20;

/** Median and 90th percentile of the microseconds that calls took, one awaited after another for so many seconds. */
export async function latencies(call, seconds) {
  for (let i = 0; i < WARM_UP_CALLS; i++) await call();
  const times = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    await call();
    times.push((performance.now() - start) * 1000);
  } while (performance.now() < end);
  times.sort((a, b) => a - b);
  return { median: quantileSorted(times, 0.5), p90: quantileSorted(times, 0.9) };
}
