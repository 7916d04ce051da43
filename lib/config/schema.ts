// The part of JSON Schema (2020-12) that configurations are described in. One table serves editors, as a published file, and the
// reader, which has messages of its own.

/** What every schema may say. */
interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

export interface TextSchema extends Described {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly pattern?: string;
}

export interface NumberSchema extends Described {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

export interface BooleanSchema extends Described {
  readonly type: 'boolean';
  /** Where only one of them will do. */
  readonly const?: boolean;
}

export interface ArraySchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** Objects of different kinds are told apart by the property `type`. */
export interface ChoiceSchema extends Described {
  readonly anyOf: readonly Exclude<Schema, ChoiceSchema>[];
}

export type Schema = TextSchema | NumberSchema | BooleanSchema | ArraySchema | ObjectSchema | ChoiceSchema;

type Notes = Described;
type Range = Pick<NumberSchema, 'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum'>;

export const text = (notes: Notes & { pattern?: string } = {}): TextSchema => ({
  type: 'string',
  minLength: 1,
  ...notes,
});
export const names = (values: readonly string[], notes: Notes = {}): TextSchema => ({
  type: 'string',
  enum: values,
  ...notes,
});
export const integer = (minimum: number, notes: Notes & Range = {}): NumberSchema => ({
  type: 'integer',
  minimum,
  // What JavaScript holds exactly.
  maximum: Number.MAX_SAFE_INTEGER,
  ...notes,
});
export const number = (range: Range = {}, notes: Notes = {}): NumberSchema => ({ type: 'number', ...range, ...notes });
export const yesNo = (notes: Notes = {}): BooleanSchema => ({ type: 'boolean', ...notes });
/** `false` alone. */
export const never: BooleanSchema = { type: 'boolean', const: false };
export const list = (items: Schema, notes: Notes & { minItems?: number; maxItems?: number } = {}): ArraySchema => ({
  type: 'array',
  items,
  ...notes,
});

/** An object of known properties; those whose name ends in `!` must be there. */
export function object(properties: Readonly<Record<string, Schema>>, notes: Notes = {}): ObjectSchema {
  const required = Object.keys(properties).filter((name) => name.endsWith('!'));
  return {
    type: 'object',
    ...notes,
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name.replace('!', ''), schema])),
    ...(required.length > 0 && { required: required.map((name) => name.slice(0, -1)) }),
    additionalProperties: false,
  };
}

/** An object with the property `type`. */
export function kind(type: string, properties: Readonly<Record<string, Schema>> = {}, notes: Notes = {}): ObjectSchema {
  return object({ 'type!': names([type]), ...properties }, notes);
}

/** One of several; choices among them are taken apart. */
export function either(schemas: readonly Schema[], notes: Notes = {}): ChoiceSchema {
  return { ...notes, anyOf: schemas.flatMap((schema) => ('anyOf' in schema ? [...schema.anyOf] : [schema])) };
}
