import { managedFields } from './field-managers';
import { isObject, type Json, type JsonObject, without } from '../plugin/json';

/** An object without a field that its program ignores: as it is, or left out where others hold it. */
export function leftAlone(
  object: JsonObject,
  live: JsonObject,
  path: string,
  manager: string,
): JsonObject {
  const [field = '', ...below] = path.split('.');
  const set = (
    into: JsonObject,
    name: string,
    steps: readonly string[],
    from: Json,
  ): JsonObject => {
    const current = isObject(from) ? from[name] : undefined;
    const [next, ...rest] = steps;
    const inner = into[name];
    if (next !== undefined) {
      if (!isObject(inner)) return into;
      return { ...into, [name]: set(inner, next, rest, current ?? null) };
    }
    const others = without(into, [name]);
    if (current === undefined || belongsToOthers(live, path, manager)) return others;
    return { ...others, [name]: current };
  };
  return set(object, field, below, live);
}

/** Whether a manager other than the resource's own, and only such, set a field such as `spec.replicas`. */
function belongsToOthers(live: JsonObject, path: string, manager: string): boolean {
  const steps = path.split('.').map((step) => `f:${step}`);
  const owners = managedFields(live).filter(({ fieldsV1 }) => {
    const found = steps.reduce<Json | undefined>(
      (fields, step) => (isObject(fields) ? fields[step] : undefined),
      fieldsV1,
    );
    return found !== undefined;
  });
  return owners.length > 0 && owners.every((owner) => owner.manager !== manager);
}
