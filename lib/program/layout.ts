import type { Buffer, Call } from './buffer.js';
import type { BufferDescription, ElementType, ProgramDescription } from './description.js';
import { planMemory } from './memory-plan.js';

/** Calls in order, with the memory they work on placed. */
export interface Layout extends Pick<ProgramDescription, 'sampleBytes' | 'sharedBytes' | 'buffers' | 'calls'> {
  /** Which of `buffers` this is; `undefined` for one that no call works on. */
  indexOf(buffer: Buffer): number | undefined;
}

interface Life {
  first: number;
  last: number;
}

/** Gives the buffers of calls their places by when they are in use, and calls by the numbers of their buffers. */
export function layOut(calls: readonly Call[], element: ElementType): Layout {
  const bytes = element === 'float64' ? 8 : 4;
  const lives = livesOf(calls);
  const buffers = [...lives.keys()];
  const plan = (space: Buffer['space']) => {
    const own = [...lives].filter(([buffer]) => buffer.space === space);
    const { offsets, totalBytes } = planMemory(
      own.map(([buffer, life]) => ({ bytes: buffer.elements * bytes, ...life })),
    );
    return { offsetOf: new Map(own.map(([buffer], i) => [buffer, offsets[i] ?? 0])), totalBytes };
  };
  const samplePlan = plan('sample');
  const sharedPlan = plan('shared');
  const index = new Map(buffers.map((buffer, i) => [buffer, i]));
  return {
    indexOf: (buffer) => index.get(buffer),
    sampleBytes: samplePlan.totalBytes,
    sharedBytes: sharedPlan.totalBytes,
    buffers: buffers.map((buffer): BufferDescription => {
      const { space, elements, store, slot } = buffer;
      if (space === 'variable') return { space, element, elements, store: store ?? 0, slot: slot ?? 0 };
      const { offsetOf } = space === 'sample' ? samplePlan : sharedPlan;
      return { space, element, elements, offset: offsetOf.get(buffer) ?? 0 };
    }),
    calls: calls.map((call) => ({
      ...call,
      operands: Object.fromEntries(
        Object.entries(call.operands).map(([name, buffer]) => [name, index.get(buffer) ?? -1]),
      ),
    })),
  };
}

/** The first and the last call that each buffer is in use by. */
function livesOf(calls: readonly Call[]): Map<Buffer, Life> {
  const lives = new Map<Buffer, Life>();
  calls.forEach((call, index) => {
    for (const buffer of Object.values(call.operands)) {
      const life = lives.get(buffer);
      if (life) life.last = index;
      else lives.set(buffer, { first: index, last: index });
    }
  });
  // Lane groups run through a stretch of calls one after another, or two together, so what they share is in use by all of its calls at
  // once; and packed weights outlive the step where programs prepare once a run. So shared memory is never reused.
  for (const [buffer, life] of lives) {
    if (buffer.space === 'shared') Object.assign(life, { first: 0, last: calls.length });
  }
  return lives;
}
