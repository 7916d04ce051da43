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
    this.diverged = !Number.isFinite(value) || value > this.#most();
    return this.diverged;
  }

  /** A multiple of the least; where that is 0 or below, as much more than it by the size of losses. */
  #most(): number {
    const least = this.#least;
    if (least > 0) return this.#divergence * least;
    return least + (this.#divergence - 1) * Math.max(-least, Math.abs(this.#first ?? 0));
  }
}
