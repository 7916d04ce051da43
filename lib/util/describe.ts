const LONGEST_TEXT = 60;

/** A short text of any value for "received ..." in an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `${className(value)}(${'length' in value ? value.length : value.byteLength})`;
  if (Array.isArray(value)) return describeArray(value);
  return `an object of class ${className(value)}`;
}

function describeArray(values: readonly unknown[]): string {
  const plain = values.length <= 8 && values.every((value) => typeof value !== 'object' || value === null);
  return plain ? `[${values.map(describe).join(', ')}]` : `an array of ${values.length}`;
}

function className(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'Object';
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}...`;
}
