/** What the header of an npy file says. */
export interface NpyHeader {
  /** Such as `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** numpy makes no arrays of more. */
const MOST_DIMENSIONS = 64;
const TOKEN = /\s*(?:(?<text>'[^'\\]*'|"[^"\\]*")|(?<number>\d+)L?|(?<word>True|False)|(?<mark>[{}(),:]))/y;

/** A piece of the header: a text in its quotes, a number, `True`, or a mark such as `{`. */
interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'mark';
  readonly value: string;
}

/**
 * Reads the header of an npy file, a dict as Python writes it: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
 * Nothing is evaluated: three keys with a text, a truth value and a tuple of sizes are all it may hold.
 *
 * @throws Error that says what was expected
 */
export function parseHeader(text: string): NpyHeader {
  const tokens = tokensOf(text);
  let at = 0;
  const isNext = (mark: string) => tokens[at]?.kind === 'mark' && tokens[at]?.value === mark;
  const take = (kind: Token['kind'], what: string, mark?: string): string => {
    const token = tokens[at++];
    if (token?.kind === kind && (mark === undefined || token.value === mark)) return token.value;
    throw new Error(`${what}, received ${token ? token.value.slice(0, 40) : 'its end'}`);
  };
  const takeSizes = (): number[] => {
    const sizes: number[] = [];
    take('mark', 'a tuple of sizes for shape', '(');
    while (!isNext(')')) {
      sizes.push(Number(take('number', 'a size in shape')));
      if (!isNext(')')) take('mark', 'a comma between sizes', ',');
    }
    at++;
    return sizes;
  };

  const found: { descr?: string; fortranOrder?: boolean; shape?: number[] } = {};
  take('mark', 'a dict', '{');
  while (!isNext('}')) {
    const key = take('text', 'a key of the dict').slice(1, -1);
    take('mark', `a colon behind ${key.slice(0, 40)}`, ':');
    if (key === 'descr' && found.descr === undefined) found.descr = take('text', 'a dtype for descr').slice(1, -1);
    else if (key === 'fortran_order' && found.fortranOrder === undefined) {
      found.fortranOrder = take('word', 'True or False for fortran_order') === 'True';
    } else if (key === 'shape' && found.shape === undefined) found.shape = takeSizes();
    else throw new Error(`descr, fortran_order and shape once each, received ${key.slice(0, 40)}`);
    if (!isNext('}')) take('mark', 'a comma between keys', ',');
  }
  at++;
  if (at < tokens.length) throw new Error(`the end of the dict, received ${tokens[at]?.value.slice(0, 40)}`);
  const { descr, fortranOrder, shape } = found;
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw new Error('descr, fortran_order and shape, received a dict without one of them');
  }
  if (shape.length > MOST_DIMENSIONS || !shape.every(Number.isSafeInteger)) {
    throw new Error(`at most ${MOST_DIMENSIONS} sizes below 2^53 for shape, received ${shape.slice(0, 8).join(', ')}`);
  }
  return { descr, fortranOrder, shape };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const whole = text.trimEnd();
  const token = new RegExp(TOKEN);
  while (token.lastIndex < whole.length) {
    const begin = token.lastIndex;
    const groups = token.exec(whole)?.groups;
    if (!groups) {
      const received = JSON.stringify(whole.slice(begin, begin + 20).trimStart());
      throw new Error(`a dict of texts, numbers and tuples (of no structured dtype), received ${received}`);
    }
    const [kind, value] = Object.entries(groups).find(([, part]) => part !== undefined) as [Token['kind'], string];
    tokens.push({ kind, value });
  }
  return tokens;
}
