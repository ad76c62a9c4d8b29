import { inTurn, known } from './unknown-value';

/** A record's entries; none for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** What a path of keys leads to; `undefined` where it ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((parent, key) => record(parent)[key], value);
}

/** A text that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list's items; a single value is a list of one, for some providers flatten theirs. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Judges each item by itself, so that one that is not known yet hides nothing of the others. */
export function* each<T>(
  value: unknown,
  judge: (item: unknown, index: number) => Iterable<T>,
): Generator<T, void, undefined> {
  const items = list(value);
  yield* inTurn(
    Array.from(
      { length: items.length },
      (_, index) =>
        function* () {
          yield* judge(items[index], index);
        },
    ),
  );
}

/** A text somewhere in a resource's inputs. */
export interface Leaf {
  /** Keys that lead to it: `replicas.0.regionName`. */
  readonly path: string;
  readonly text: string;
}

/** Every text in a value that is known, but for what `skip` names at any depth. */
export function* leaves(
  value: unknown,
  skip: ReadonlySet<string>,
  path = '',
): Generator<Leaf, void, undefined> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value).filter((name) => !skip.has(name))) {
    yield* known(() =>
      leaves((value as Record<string, unknown>)[key], skip, path === '' ? key : `${path}.${key}`),
    );
  }
}

/** What a text of JSON holds; the value itself where it is none. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
