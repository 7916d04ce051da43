/** A document with the text between two marks replaced: <!-- measured NAME --> and <!-- end -->. */
export function filled(document, mark, text) {
  const [begin, end] = [`<!-- measured ${mark} -->`, '<!-- end -->'];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`expected ${begin} and ${end} after it in the document, received none.`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
