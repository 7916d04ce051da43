import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { nearest } from './nearest.js';
import type { ArraySchema, ChoiceSchema, NumberSchema, ObjectSchema, Schema, TextSchema } from './schema.js';

type Single = Exclude<Schema, ChoiceSchema>;

/**
 * @param path where the value stands, such as `optimizer.learningRate`; empty for a whole file
 * @throws InvalidArgumentError, which names the path, unless the value is what the schema describes
 */
export function checkValue(schema: Schema, value: unknown, path: string): void {
  if ('anyOf' in schema) {
    checkChoice(schema, value, path);
    return;
  }
  if (!isOfType(schema, value)) throw wrong(path, expectedOf(schema), value);
  if (schema.type === 'object') checkObject(schema, value as Record<string, unknown>, path);
  if (schema.type === 'array') checkArray(schema, value as unknown[], path);
  if (schema.type === 'string') checkText(schema, value as string, path);
}

export function under(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

function checkChoice({ anyOf }: ChoiceSchema, value: unknown, path: string): void {
  const sameType = anyOf.filter((schema) =>
    isPlainObject(value) ? schema.type === 'object' : isOfType(schema, value),
  );
  if (sameType.length === 0) throw wrong(path, [...new Set(anyOf.map(expectedOf))].join(' or '), value);
  if (sameType.length > 1 && !isPlainObject(value)) checkOneOf(sameType, value, path);
  else checkValue(isPlainObject(value) ? chosen(sameType, value, path) : (sameType[0] as Single), value, path);
}

/** Of several kinds of objects, the one that the value's `type` names. */
function chosen(schemas: readonly Single[], value: Record<string, unknown>, path: string): Single {
  const [only, ...others] = schemas as [Single, ...Single[]];
  if (others.length === 0) return only;
  const named = schemas.find((schema) => typesOf(schema).includes(value.type as string));
  const withoutType = schemas.filter((schema) => typesOf(schema).length === 0);
  const schema = named ?? (value.type === undefined ? withoutType[0] : undefined);
  if (schema) return schema;
  throw wrongName(under(path, 'type'), schemas.flatMap(typesOf), value.type);
}

/** Several schemas for values that are no objects: names of more than one list, or arrays. */
function checkOneOf(schemas: readonly Single[], value: unknown, path: string): void {
  const known = schemas.flatMap((schema) => (schema.type === 'string' ? (schema.enum ?? []) : []));
  if (typeof value === 'string' && known.length > 0 && schemas.every((schema) => 'enum' in schema)) {
    if (!known.includes(value)) throw wrongName(path, known, value);
    return;
  }
  const errors: unknown[] = [];
  for (const schema of schemas) {
    try {
      checkValue(schema, value, path);
      return;
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}

function typesOf(schema: Single): readonly string[] {
  const type = schema.type === 'object' ? schema.properties.type : undefined;
  return type && 'enum' in type && type.enum ? type.enum : [];
}

function checkObject({ properties, required = [] }: ObjectSchema, value: Record<string, unknown>, path: string): void {
  for (const [name, own] of Object.entries(value)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined) throw unknownKey(path, name, Object.keys(properties));
    checkValue(schema, own, under(path, name));
  }
  for (const name of required) {
    if (Object.hasOwn(value, name)) continue;
    const expected = expectedOf(properties[name] as Schema);
    throw new InvalidArgumentError(`${under(path, name)}: expected ${expected}, received nothing. Add it.`);
  }
}

function checkArray({ items, minItems = 0, maxItems = Infinity }: ArraySchema, value: unknown[], path: string): void {
  if (value.length < minItems || value.length > maxItems) {
    const range =
      minItems === maxItems
        ? `${minItems}`
        : maxItems === Infinity
          ? `at least ${minItems}`
          : `${minItems} to ${maxItems}`;
    throw new InvalidArgumentError(`${path}: expected an array of ${range}, received one of ${value.length}.`);
  }
  for (const [i, item] of [...value].entries()) checkValue(items, item, under(path, i));
}

function checkText(schema: TextSchema, value: string, path: string): void {
  if (schema.enum && !schema.enum.includes(value)) throw wrongName(path, schema.enum, value);
  const fits = value.length >= (schema.minLength ?? 0) && new RegExp(schema.pattern ?? '').test(value);
  if (!fits) throw wrong(path, expectedOf(schema), value);
}

function isOfType(schema: Single, value: unknown): boolean {
  if (schema.type === 'object') return isPlainObject(value);
  if (schema.type === 'array') return Array.isArray(value);
  if (schema.type === 'string') return typeof value === 'string';
  if (schema.type === 'boolean') return typeof value === 'boolean' && (schema.const ?? value) === value;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  return (
    (schema.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    (value as number) >= minimum &&
    (value as number) <= maximum &&
    (exclusiveMinimum === -Infinity || (value as number) > exclusiveMinimum) &&
    (exclusiveMaximum === Infinity || (value as number) < exclusiveMaximum)
  );
}

/** What a schema takes, in words. */
export function expectedOf(schema: Schema): string {
  if ('anyOf' in schema) return [...new Set(schema.anyOf.map(expectedOf))].join(' or ');
  if (schema.type === 'boolean') return schema.const === undefined ? 'true or false' : `${schema.const}`;
  if (schema.type === 'object') return 'an object';
  if (schema.type === 'array') return 'an array';
  if (schema.type !== 'string') return `${schema.type === 'integer' ? 'an integer' : 'a number'}${rangeOf(schema)}`;
  if (schema.enum) return schema.enum.length > 12 ? 'a name' : oneOf(schema.enum);
  return schema.pattern === undefined ? 'a text' : `a text such as ${schema.description ?? schema.pattern}`;
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

function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`).join(', ');
  return values.length === 1 ? quoted : `one of ${quoted}`;
}

function wrong(path: string, expected: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`${path || 'the configuration'}: expected ${expected}, received ${describe(value)}.`);
}

function wrongName(path: string, known: readonly string[], value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(
    `${path}: expected ${oneOf(known)}, received ${value === undefined ? 'nothing' : describe(value)}.${suggestion(value, known)}`,
  );
}

function unknownKey(path: string, name: string, known: readonly string[]): InvalidArgumentError {
  return new InvalidArgumentError(
    `${under(path, name)}: expected only ${known.join(', ')}${path === '' ? '' : ` in ${path}`}, received '${name}'.` +
      suggestion(name, known),
  );
}

function suggestion(value: unknown, known: readonly string[]): string {
  const close = typeof value === 'string' ? nearest(value, known) : undefined;
  return close === undefined ? '' : ` Did you mean '${close}'?`;
}
