/** Values by key, made at their first use. Of more than `most` the one that was not asked for the longest is forgotten. */
export class RecentlyUsed<V> {
  readonly #most: number;
  /** In the order of their last uses. */
  readonly #values = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => V): V {
    const value = this.#values.get(key) ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value as string);
    return value;
  }

  clear(): void {
    this.#values.clear();
  }
}
