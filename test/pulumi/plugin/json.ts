/** A value as Pulumi's engine and the API server send it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function mapObject(value: JsonObject, map: (item: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, key)]));
}

export function without(value: Json | undefined, names: readonly string[]): JsonObject {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([name]) => !names.includes(name)));
}

/** Text of a field that has to be one; empty where it is not. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
