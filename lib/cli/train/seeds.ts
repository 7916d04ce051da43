import { InvalidArgumentError } from 'commander';

const MOST_RUNS = 1000;

/** `5` as a number of runs, `1,2,7` as their seeds. For `Option.argParser`. */
export function readSeeds(text: string): number | number[] {
  const numbers = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  const [first = 0] = numbers;
  const fine = numbers.every(Number.isSafeInteger) && numbers.length <= MOST_RUNS;
  if (fine && numbers.length === 1 && first >= 1 && first <= MOST_RUNS) return first;
  if (fine && numbers.length > 1 && new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError(`Expected a number of runs from 1 to ${MOST_RUNS}, or different seeds such as 1,2,7.`);
}
