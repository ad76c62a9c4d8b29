import { missingFrom } from '../../support/subset';
import { isList, isObject, type Json, type JsonObject } from '../plugin/json';

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
