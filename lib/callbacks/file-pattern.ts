import { InvalidArgumentError } from '../errors/index.js';

/** `{name}`, `{epoch:03d}`, `{valLoss:.2f}`: as Python formats whole numbers and fractions. */
const FIELD = /\{(\w+)(?::(?:0(\d)d|\.(\d)f))?\}/g;
const DECIMALS = 4;

/** @throws InvalidArgumentError when braces hold something else */
export function checkPattern(who: string, pattern: string): string {
  const rest = pattern.replace(FIELD, '');
  if (!/[{}]/.test(rest)) return pattern;
  throw new InvalidArgumentError(
    `${who}: expected fields such as {epoch}, {epoch:03d}, {valLoss} or {valLoss:.2f} in path, received "${pattern}".`,
  );
}

/** Puts values in the places of their names. @throws InvalidArgumentError for a name that has none */
export function fillPattern(who: string, pattern: string, values: Readonly<Record<string, number>>): string {
  return pattern.replace(FIELD, (_, name: string, digits?: string, decimals?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      const names = Object.keys(values).map((known) => `{${known}}`);
      throw new InvalidArgumentError(
        `${who}: expected the fields ${names.join(', ')} in path, received {${name}}. Those of a validation need ` +
          'validationData; metrics are set by model.compile.',
      );
    }
    if (digits !== undefined) return String(Math.round(value)).padStart(Number(digits), '0');
    if (decimals !== undefined) return value.toFixed(Number(decimals));
    return Number.isInteger(value) ? String(value) : value.toFixed(DECIMALS);
  });
}
