import test from 'ava';
import { limiter } from '#lib/util/limiter.js';

test('so many tasks run at once, begun in their order; a failed one makes room', async (t) => {
  const limit = limiter(3);
  const begun: number[] = [];
  let [running, most] = [0, 0];
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      limit(async () => {
        begun.push(i);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, (i * 7) % 5));
        running--;
        if (i % 4 === 0) throw new Error(`task ${i}`);
        return i;
      }),
    ),
  );
  t.is(most, 3);
  t.deepEqual(begun, [...begun.keys()]);
  t.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.message)),
    begun.map((i) => (i % 4 === 0 ? `task ${i}` : i)),
  );
});
