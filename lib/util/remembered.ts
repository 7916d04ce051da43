/** A function that asks `find` again only when its last answer is older than so many milliseconds. */
export function remembered<T>(milliseconds: number, find: () => T): () => T {
  let answer: { readonly value: T; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (!answer || now >= answer.until) answer = { value: find(), until: now + milliseconds };
    return answer.value;
  };
}
