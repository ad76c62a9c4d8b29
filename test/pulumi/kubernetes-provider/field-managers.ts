import { isList, isObject, type Json, type JsonObject } from '../plugin/json';

/** Who creates objects that did not exist; an update hands their fields to the resource's own manager. */
export const creator = 'pulumi-kubernetes';

/**
 * A JSON patch by which a manager takes the fields of whoever wrote the object before server-side
 * apply, and of kubectl. Without it a field that the program drops would stay on the object for ever.
 * Undefined where there is nothing to take.
 *
 * The official provider does the same before each update; conflicts with any other manager are left
 * to the annotation `pulumi.com/patchForce` or the option `enablePatchForce`.
 */
export function takeOver(live: JsonObject, manager: string): readonly JsonObject[] | undefined {
  const entries = managedFields(live);
  const taken = entries.filter(isPredecessor);
  if (taken.length === 0) return undefined;
  const own = entries.find((entry) => entry.manager === manager && entry.operation === 'Apply');
  const base = own ?? taken[0] ?? {};
  const merged = {
    ...base,
    manager,
    operation: 'Apply',
    fieldsV1: [...taken, ...(own === undefined ? [] : [own])]
      .map(({ fieldsV1 }) => fieldsV1 ?? {})
      .reduce(union, {}),
  };
  const others = entries.filter((entry) => entry !== own && !taken.includes(entry));
  const { resourceVersion = '' } = isObject(live.metadata) ? live.metadata : {};
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [...others, merged] },
    // Refused if somebody else wrote meanwhile.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

/** Who wrote which fields of an object. */
export function managedFields(live: JsonObject): readonly JsonObject[] {
  const fields = isObject(live.metadata) ? live.metadata.managedFields : undefined;
  return isList(fields) ? fields.filter(isObject) : [];
}

function isPredecessor({ manager, operation, subresource }: JsonObject): boolean {
  if (subresource !== undefined || typeof manager !== 'string') return false;
  if (manager.startsWith('kubectl')) return true;
  return operation === 'Update' && [creator, 'before-first-apply'].includes(manager);
}

/** Field sets of `managedFields` are trees of keys. */
function union(a: Json, b: Json): Json {
  if (!isObject(a) || !isObject(b)) return a;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, union(a[key] ?? {}, b[key] ?? {})]));
}
