/** A module of bench/, which is JavaScript and has no types of its own. */
export async function benchModule<T>(name: string): Promise<T> {
  return (await import(new URL(`../../bench/${name}`, import.meta.url).href)) as T;
}
