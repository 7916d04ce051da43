/**
 * Does what may go wrong by chance, because others run on this machine, up to so many times until it gives something. What is wrong in
 * itself is so each time, and ends in `undefined`.
 */
export async function attempts<T>(most: number, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let i = 0; i < most; i++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  return undefined;
}
