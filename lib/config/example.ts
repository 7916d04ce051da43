import type { NumberSchema, Schema } from './schema.js';

/** A value that a schema takes, to be shown in a message: with no more properties than there must be. */
export function exampleOf(schema: Schema): unknown {
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if ('anyOf' in schema) return exampleOf(schema.anyOf[0] as Schema);
  if (schema.type === 'boolean') return schema.const ?? true;
  if (schema.type === 'string') return schema.enum?.[0] ?? '...';
  if (schema.type === 'array') return new Array(schema.minItems ?? 1).fill(exampleOf(schema.items));
  if (schema.type !== 'object') return numberOf(schema);
  const { properties, required = [] } = schema;
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] as Schema)]));
}

/** 1, or else a number between the bounds. */
function numberOf({ minimum = 1, maximum = Infinity, exclusiveMaximum = Infinity }: NumberSchema): number {
  const number = Math.min(Math.max(1, minimum), maximum);
  return number < exclusiveMaximum ? number : exclusiveMaximum / 2;
}

/** JSON as people write it: `{ "type": "flatten" }`. */
export function exampleText(schema: Schema): string {
  return spaced(exampleOf(schema));
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, own]) => `${JSON.stringify(name)}: ${spaced(own)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
