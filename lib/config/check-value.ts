import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { exampleText } from './example.js';
import { expectedOf, lengthOf, oneOf } from './expected.js';
import { nearest } from './nearest.js';
import type { ArraySchema, ChoiceSchema, ObjectSchema, Schema, TextSchema } from './schema.js';

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

function checkChoice(choice: ChoiceSchema, value: unknown, path: string): void {
  const { anyOf } = choice;
  if (typeof value === 'string' && isChoiceOfNames(anyOf)) {
    checkName(anyOf, value, path);
    return;
  }
  const fitting = anyOf.filter((schema) =>
    isPlainObject(value) ? schema.type === 'object' : isOfType(schema, value) && hasLength(schema, value),
  );
  if (fitting.length === 0) throw wrong(path, expectedOf(choice), value);
  if (fitting.length > 1 && !isPlainObject(value)) checkOneOf(fitting, value, path);
  else checkValue(isPlainObject(value) ? chosen(fitting, value, path) : (fitting[0] as Single), value, path);
}

/** Whether a text can only be right as a name, here or as the `type` of an object. */
function isChoiceOfNames(anyOf: readonly Single[]): boolean {
  const texts = anyOf.filter((schema) => schema.type === 'string');
  return texts.every((schema) => 'enum' in schema) && anyOf.some((schema) => texts.length > 0 || isKind(schema));
}

function checkName(anyOf: readonly Single[], name: string, path: string): void {
  const names = anyOf.flatMap((schema) => (schema.type === 'string' ? (schema.enum ?? []) : []));
  if (names.includes(name)) return;
  const kind = anyOf.find((schema) => typesOf(schema).includes(name));
  if (kind) {
    throw new InvalidArgumentError(
      `${path}: expected an object for ${name}, received its name alone. Write ${exampleText(kind)}.`,
    );
  }
  const known = [...new Set([...names, ...anyOf.flatMap(typesOf)])];
  const others = anyOf.filter((schema) => schema.type !== 'string' && !isKind(schema));
  const expected = [oneOf(known), ...(others.length === 0 ? [] : [expectedOf({ anyOf: others })])].join(' or ');
  throw wrongName(path, known, name, expected);
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

/** Several schemas for values that are neither objects nor names, such as arrays. */
function checkOneOf(schemas: readonly Single[], value: unknown, path: string): void {
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

function isKind(schema: Single): boolean {
  return typesOf(schema).length > 0;
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
    const schema = properties[name] as Schema;
    const example = schema.examples ? `, such as "${name}": ${exampleText(schema)}` : '';
    throw new InvalidArgumentError(
      `${under(path, name)}: expected ${expectedOf(schema)}, received nothing. Add it${example}.`,
    );
  }
}

function checkArray(schema: ArraySchema, value: unknown[], path: string): void {
  if (!hasLength(schema, value)) {
    throw new InvalidArgumentError(
      `${path}: expected an array of ${lengthOf(schema)}, received one of ${value.length}.`,
    );
  }
  for (const [i, item] of [...value].entries()) checkValue(schema.items, item, under(path, i));
}

/** Whether an array has as many items as it is to have; of what is none nothing is asked. */
function hasLength(schema: Single, value: unknown): boolean {
  if (schema.type !== 'array' || !Array.isArray(value)) return true;
  return value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity);
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

function wrong(path: string, expected: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`${path || 'the configuration'}: expected ${expected}, received ${describe(value)}.`);
}

function wrongName(
  path: string,
  known: readonly string[],
  value: unknown,
  expected = oneOf(known),
): InvalidArgumentError {
  const received = value === undefined ? 'nothing' : describe(value);
  return new InvalidArgumentError(`${path}: expected ${expected}, received ${received}.${suggestion(value, known)}`);
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
