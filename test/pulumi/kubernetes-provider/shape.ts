import { missingFrom } from '../../support/subset';
import { isList, isObject, type Json, type JsonObject } from './json';

/** Where something is in an object: `['spec', 'ports', 0]`. */
export type Path = readonly (string | number)[];

export interface Change {
  readonly path: Path;
  readonly kind: 'add' | 'delete' | 'update';
}

/**
 * What an object on the server says of the fields that a program sets. Defaults and fields of others
 * are left out, and a quantity is given in the program's words where it means the same.
 */
export function shapedLike(live: JsonObject, inputs: JsonObject): JsonObject {
  const known = isObject(inputs.stringData)
    ? { ...live, stringData: decoded(live.data, inputs.stringData) }
    : live;
  const shaped = shape(known, inputs);
  return isObject(shaped) ? shaped : {};
}

function shape(live: Json | undefined, wanted: Json): Json | undefined {
  if (isObject(live) && isObject(wanted)) {
    const entries = Object.entries(wanted).flatMap(([key, value]) => {
      const shaped = shape(live[key], value);
      return shaped === undefined ? [] : [[key, shaped] as const];
    });
    return Object.fromEntries(entries);
  }
  if (isList(live) && isList(wanted) && live.length === wanted.length) {
    return live.map((item, i) => shape(item, wanted[i] ?? null) ?? item);
  }
  return missingFrom(live, wanted).length === 0 ? wanted : live;
}

/** The server keeps what `stringData` brings in `data` only. */
function decoded(data: Json | undefined, stringData: JsonObject): JsonObject {
  const entries = Object.keys(stringData).flatMap((key) => {
    const value = isObject(data) ? data[key] : undefined;
    if (typeof value !== 'string') return [];
    return [[key, Buffer.from(value, 'base64').toString('utf8')] as const];
  });
  return Object.fromEntries(entries);
}

/** The leaves in which two values differ. */
export function changes(from: Json | undefined, to: Json | undefined, path: Path = []): Change[] {
  if (isObject(from) && isObject(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => changes(from[key], to[key], [...path, key]));
  }
  if (isList(from) && isList(to)) {
    const length = Math.max(from.length, to.length);
    return Array.from({ length }, (_, i) => changes(from[i], to[i], [...path, i])).flat();
  }
  if (from === to) return [];
  return [{ path, kind: from === undefined ? 'add' : to === undefined ? 'delete' : 'update' }];
}

/** A path as Pulumi writes it: `spec.ports[0]`, `data["config.json"]`. */
export function pathText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
