/** A running mean of losses that forgets, without the pull to 0 at its beginning (as in Adam), and whether they diverge. */
export class SmoothedLoss {
  readonly values: number[] = [];
  diverged = false;
  readonly #smoothing: number;
  readonly #divergence: number;
  #mean = 0;
  #first: number | undefined;
  #least = Infinity;

  constructor(smoothing: number, divergence: number) {
    this.#smoothing = smoothing;
    this.#divergence = divergence;
  }

  /** Adds the loss of a step; true when no more are wanted. */
  add(loss: number): boolean {
    this.#mean = this.#smoothing * this.#mean + (1 - this.#smoothing) * loss;
    const value = this.#mean / (1 - this.#smoothing ** (this.values.length + 1));
    this.values.push(value);
    this.#first ??= value;
    this.#least = Math.min(this.#least, value);
    // By the size of losses, not as a multiple of the least, which may be 0 or below.
    const size = Math.max(Math.abs(this.#least), Math.abs(this.#first));
    this.diverged = !Number.isFinite(value) || value > this.#least + (this.#divergence - 1) * size;
    return this.diverged;
  }
}
