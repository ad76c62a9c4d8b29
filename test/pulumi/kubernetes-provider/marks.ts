import { specialSecretSig, specialSigKey, unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { isList, isObject, type Json, type JsonObject, mapObject } from '../plugin/json';

/** Values without the marks of secrets: what the API server is sent. */
export function reveal(value: Json): Json {
  if (isSecret(value)) return reveal(value.value ?? null);
  if (isList(value)) return value.map(reveal);
  if (isObject(value)) return mapObject(value, reveal);
  return value;
}

export function revealed(value: JsonObject): JsonObject {
  return mapObject(value, reveal);
}

/**
 * Marks in an object what its inputs mark, at the same paths; in a Secret, `data` as `stringData`. So
 * does the official provider, which for a secret elsewhere (in an annotation that repeats it) does
 * nothing either.
 */
export function conceal(object: JsonObject, inputs: JsonObject): JsonObject {
  const written = unmarked(inputs.stringData);
  const like = isObject(written)
    ? { ...inputs, data: { ...objectOf(unmarked(inputs.data)), ...written } }
    : inputs;
  return objectOf(concealLike(object, like));
}

function concealLike(value: Json, like: Json | undefined): Json {
  if (like === undefined) return value;
  if (isSecret(like)) return secret(value);
  if (isList(value) && isList(like)) return value.map((item, i) => concealLike(item, like[i]));
  if (isObject(value) && isObject(like)) {
    return mapObject(value, (item, key) => concealLike(item, like[key]));
  }
  return value;
}

/** Whether a preview does not know a part of the value yet. */
export function hasUnknown(value: Json): boolean {
  if (value === unknownValue) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

export function secret(value: Json): JsonObject {
  return { [specialSigKey]: specialSecretSig, value };
}

function isSecret(value: Json): value is JsonObject {
  return isObject(value) && value[specialSigKey] === specialSecretSig;
}

/** A map all of whose values are secret is marked as a whole; its keys stay what they are. */
function unmarked(value: Json | undefined): Json | undefined {
  if (value === undefined || !isSecret(value)) return value;
  return isObject(value.value) ? mapObject(value.value, secret) : value;
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
