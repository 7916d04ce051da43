import type { ArraySchema, ChoiceSchema, NumberSchema, Schema } from './schema.js';

type Single = Exclude<Schema, ChoiceSchema>;

/** What a schema takes, in words. */
export function expectedOf(schema: Schema): string {
  if ('anyOf' in schema)
    return [...new Set(schema.anyOf.map((one, i) => partOf(one, schema.anyOf[i - 1])))].join(' or ');
  if (schema.type === 'boolean') return schema.const === undefined ? 'true or false' : `${schema.const}`;
  if (schema.type === 'object') return 'an object';
  if (schema.type === 'array') return arrayOf(schema, itemsOf(schema.items));
  if (schema.type !== 'string') return `${schema.type === 'integer' ? 'an integer' : 'a number'}${rangeOf(schema)}`;
  if (schema.enum) return schema.enum.length > 12 ? 'a name' : oneOf(schema.enum);
  return schema.pattern === undefined ? 'a text' : `a text such as ${schema.description ?? schema.pattern}`;
}

/** How many items an array takes: `2`, `at least 1`, `1 to 4`; empty for any number. */
export function lengthOf({ minItems = 0, maxItems = Infinity }: ArraySchema): string {
  if (minItems === maxItems) return `${minItems}`;
  if (maxItems === Infinity) return minItems === 0 ? '' : `at least ${minItems}`;
  return `${minItems} to ${maxItems}`;
}

export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`).join(', ');
  return values.length === 1 ? quoted : `one of ${quoted}`;
}

/** One of several: an array of the numbers that the one before takes need not say them again. */
function partOf(schema: Single, before: Single | undefined): string {
  if (schema.type !== 'array' || !isNumber(schema.items) || before === undefined) return expectedOf(schema);
  const items = before.type === 'array' ? before.items : before;
  const same = expectedOf(items) === expectedOf(schema.items);
  return same ? arrayOf(schema, `such ${schema.items.type}s`) : expectedOf(schema);
}

function arrayOf(schema: ArraySchema, items: string): string {
  const length = lengthOf(schema);
  if (length === '') return items === '' ? 'an array' : `an array of ${items}`;
  return `an array of ${length}${items === '' ? '' : ` ${items}`}`;
}

/** Items of plain kinds, in the plural. */
function itemsOf(items: Schema): string {
  if (isNumber(items)) return `${items.type}s${rangeOf(items)}`;
  return 'type' in items && items.type === 'string' && !items.enum ? 'texts' : '';
}

function isNumber(schema: Schema): schema is NumberSchema {
  return 'type' in schema && (schema.type === 'integer' || schema.type === 'number');
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: NumberSchema): string {
  const least =
    minimum !== undefined
      ? `of at least ${minimum}`
      : exclusiveMinimum !== undefined
        ? `above ${exclusiveMinimum}`
        : '';
  const hasMost = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  const most = hasMost ? `at most ${maximum}` : exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : '';
  const range = [least, most].filter((part) => part !== '').join(' and ');
  return range === '' ? '' : ` ${range}`;
}
