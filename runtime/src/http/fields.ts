import { isUtf8 } from 'node:buffer';
import { errors } from '../errors';
import { describe } from '../protocol/describe';

/** Typed access to a JSON object's fields, with errors that name the field's path. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws ServingError BODY_NOT_JSON */
export function parseJson(bytes: Buffer): unknown {
  // Decoding would put U+FFFD where bytes are no text, and the model would be given that.
  if (!isUtf8(bytes)) throw errors.bodyNotJson('it is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw errors.bodyNotJson(error instanceof Error ? error.message : String(error));
  }
}

export function asObject(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.fieldInvalid(at, describe(value), 'an object');
  }
  return value as JsonObject;
}

export function optionalObject(value: unknown, at: string): JsonObject | undefined {
  return value === undefined || value === null ? undefined : asObject(value, at);
}

export function asArray(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw errors.fieldInvalid(at, describe(value), 'an array');
  return value;
}

export function asString(value: unknown, at: string): string {
  if (typeof value !== 'string') throw errors.fieldInvalid(at, describe(value), 'a string');
  return value;
}

export function optionalBoolean(value: unknown, at: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw errors.fieldInvalid(at, describe(value), 'true or false');
  return value;
}

/** A size: zero or a positive integer. */
export function asSize(value: unknown, at: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw errors.fieldInvalid(at, describe(value), 'a whole number, 0 or more');
  }
  return value as number;
}
