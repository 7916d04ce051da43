import type { CompiledProgram } from './compile.js';
import type { BufferDescription } from './description.js';
import { align } from './memory-plan.js';

/** Bytes of the buffers that a layer's calls are the first to use, each counted for itself, for a full batch. */
export interface LayerMemory {
  /** Layer, or `input`, `loss`, `output`. */
  readonly label: string;
  /** Of samples, from the forward pass. */
  readonly activations: number;
  /** Of samples, from the backward pass. */
  readonly gradients: number;
  /** Once for the whole step: packed weights, partial sums, gradients of weights, statistics. */
  readonly shared: number;
}

/** What a run of a program allocates to work in, known before it is allocated. */
export interface ArenaPlan {
  /** Those that hold memory, in the order of their first calls. */
  readonly layers: readonly LayerMemory[];
  /** Activations and gradients of all lane groups, where buffers in use at different times share memory. */
  readonly sampleBytes: number;
  readonly sharedBytes: number;
  /** What kernels need beside, each thread for itself. */
  readonly scratchBytes: number;
  /** All three: native code's own number. */
  readonly totalBytes: number;
}

/** The plan of full batches on so many threads. Allocates nothing. */
export function planArena(program: CompiledProgram, threads: number): ArenaPlan {
  const { native, description } = program;
  const totalBytes = native.arenaBytes(threads);
  const withoutScratch = native.arenaBytes(0);
  const { sharedBytes } = description;
  return {
    layers: layersOf(program),
    sampleBytes: withoutScratch - sharedBytes,
    sharedBytes,
    scratchBytes: totalBytes - withoutScratch,
    totalBytes,
  };
}

/** Slices a full batch has: a sample buffer exists in each. Native code is asked, for only it knows how batches are split. */
export function slicesOf({ native, description }: CompiledProgram): number {
  const { sampleBytes, sharedBytes } = description;
  return sampleBytes === 0 ? 0 : (native.arenaBytes(0) - sharedBytes) / sampleBytes;
}

/** Bytes of a buffer in all the places it exists in. */
export function bytesOfBuffer({ space, element, elements }: BufferDescription, slices: number): number {
  return elements * (element === 'float64' ? 8 : 4) * (space === 'sample' ? slices : 1);
}

function layersOf(program: CompiledProgram): LayerMemory[] {
  const { calls, buffers } = program.description;
  const slices = slicesOf(program);
  const layers = new Map<string, { activations: number; gradients: number; shared: number }>();
  const seen = new Set<number>();
  let backward = false;
  for (const { label, operands, attributes } of calls) {
    // The way forward of a transposed convolution is a data gradient.
    const makesGradient = 'dx' in operands && attributes.transposed !== 1;
    const memory = layers.get(label) ?? { activations: 0, gradients: 0, shared: 0 };
    for (const [name, index] of Object.entries(operands)) {
      const buffer = buffers[index] as BufferDescription;
      if (buffer.space === 'variable' || seen.has(index)) continue;
      seen.add(index);
      // As planned: every slice of every buffer begins at an aligned offset.
      const times = buffer.space === 'sample' ? slices : 1;
      const bytes = align(bytesOfBuffer(buffer, 1)) * times;
      // The first gradient of samples is the loss's: from there on it is the backward pass.
      if (buffer.space === 'shared') memory.shared += bytes;
      else if (backward || (name === 'dx' && makesGradient)) memory.gradients += bytes;
      else memory.activations += bytes;
    }
    backward ||= makesGradient;
    layers.set(label, memory);
  }
  return [...layers]
    .map(([label, memory]) => ({ label, ...memory }))
    .filter(({ activations, gradients, shared }) => activations + gradients + shared > 0);
}
