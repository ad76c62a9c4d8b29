import { isList, isObject, type Json, type JsonObject, mapObject, text } from '../plugin/json';

/** Fields whose values, or values' values, are quantities. */
const quantities = ['limits', 'requests', 'capacity', 'hard', 'sizeLimit', 'averageValue'];

/** Fields that are left out where they are 0 or false; elsewhere that may mean something. */
const omittedIfZero = ['minReadySeconds', 'hostNetwork', 'hostPID', 'hostIPC', 'stdin', 'tty'];

/**
 * An object of Kubernetes' own kinds as the server will store it: quantities in their shortest words
 * (`2000m` as `2`, `1024Mi` as `1Gi`), and nothing that is empty. An apply in other words would
 * conflict with whoever wrote the same before. The official provider does this by reading the object
 * into its type; here it is done for the fields that the suites meet.
 */
export function normalForm(object: JsonObject): JsonObject {
  const [group = ''] = text(object.apiVersion).split('/');
  const isOwn = !group.includes('.') || group.endsWith('.k8s.io');
  return isOwn ? normalObject(object) : object;
}

function normalObject(object: JsonObject): JsonObject {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    if (isList(value) && value.length === 0) return [];
    if (omittedIfZero.includes(key) && (value === 0 || value === false)) return [];
    return [[key, quantities.includes(key) ? normalQuantities(value) : normal(value)] as const];
  });
  return Object.fromEntries(entries);
}

function normal(value: Json): Json {
  if (isList(value)) return value.map(normal);
  return isObject(value) ? normalObject(value) : value;
}

function normalQuantities(value: Json): Json {
  if (isObject(value)) return mapObject(value, normalQuantities);
  return typeof value === 'string' ? shortest(value) : value;
}

const steps: readonly (readonly [suffix: string, size: number, next: string])[] = [
  ['m', 1000, ''],
  ['Ki', 1024, 'Mi'],
  ['Mi', 1024, 'Gi'],
  ['Gi', 1024, 'Ti'],
];

function shortest(quantity: string): string {
  const [, digits = '', suffix = ''] = /^(\d+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const [, size = 1, next = ''] = steps.find(([from]) => from === suffix) ?? [];
  const amount = Number(digits);
  if (digits === '' || size === 1 || amount === 0 || amount % size !== 0) return quantity;
  return shortest(`${amount / size}${next}`);
}
