/** A field of a document that the stored object lacks or holds otherwise. */
export interface Difference {
  /** `spec.template.spec.containers[0].image`. */
  readonly path: string;
  readonly wanted: unknown;
  readonly stored: unknown;
}

/**
 * Fields of `wanted` that `stored` does not hold. `stored` may hold more: an API server adds
 * defaults. It also leaves out what is empty, zero or false, writes quantities in its own way
 * (`1024Mi` as `1Gi`), and none of that is a difference.
 */
export function missingFrom(stored: unknown, wanted: unknown, path = ''): readonly Difference[] {
  if (isEmpty(wanted) && stored === undefined) return [];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(stored) || stored.length !== wanted.length)
      return [{ path, wanted, stored }];
    return wanted.flatMap((item, index) => missingFrom(stored[index], item, `${path}[${index}]`));
  }
  if (isRecord(wanted)) {
    if (!isRecord(stored)) return [{ path, wanted, stored }];
    return Object.entries(wanted).flatMap(([key, value]) =>
      missingFrom(stored[key], value, path === '' ? key : `${path}.${key}`),
    );
  }
  return sameScalar(stored, wanted) ? [] : [{ path, wanted, stored }];
}

function sameScalar(stored: unknown, wanted: unknown): boolean {
  if (stored === wanted) return true;
  const [a, b] = [quantity(stored), quantity(wanted)];
  return a !== undefined && a === b;
}

/** Thousandths, so that `100m` stays whole. Source: Kubernetes API reference, "Quantity". */
const suffixes: Readonly<Record<string, number>> = {
  m: 1,
  '': 1e3,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  T: 1e15,
  Ki: 1e3 * 2 ** 10,
  Mi: 1e3 * 2 ** 20,
  Gi: 1e3 * 2 ** 30,
  Ti: 1e3 * 2 ** 40,
};

function quantity(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  const scale = suffixes[suffix];
  return digits === undefined || scale === undefined ? undefined : Number(digits) * scale;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
