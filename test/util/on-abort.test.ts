import { getEventListeners } from 'node:events';
import test from 'ava';
import { onAbort } from '#lib/util/on-abort.js';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('all that wait for a signal share one listener, which goes with the last of them', (t) => {
  const { signal } = new AbortController();
  const ends = Array.from({ length: 20 }, () => onAbort(signal, () => t.fail()));
  t.is(listeners(signal), 1);
  for (const end of ends) end();
  t.is(listeners(signal), 0);
  onAbort(signal, () => {})();
  t.is(listeners(signal), 0);
});

test('each that still waits is called once', (t) => {
  const controller = new AbortController();
  const called: number[] = [];
  const ends = [0, 1, 2].map((i) => onAbort(controller.signal, () => called.push(i)));
  ends[1]?.();
  controller.abort();
  t.deepEqual(called, [0, 2]);
  for (const end of ends) end();
  t.is(listeners(controller.signal), 0);
});
