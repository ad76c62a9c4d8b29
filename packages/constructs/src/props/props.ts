import { ConstructError } from '../construct-error';

/** What a prop may be: words for the message, and the check. */
export interface Kind {
  /** With its article: `a Peer`. */
  readonly title: string;
  /** The first thing that is wrong with a value, as a path below it; `undefined` where nothing is. */
  readonly fault: (value: unknown) => Fault | undefined;
}

interface Fault {
  /** Path below the value, `.2.port`; empty for the value itself. */
  readonly at: string;
  readonly expected: string;
  readonly received: unknown;
}

/**
 * Checks what the compiler says already once more, for plain JavaScript and for casts: a value of
 * another kind must not turn up as a TypeError far from where it was written, nor as `[object Object]`
 * in a manifest. Ranges and contradictions are left to the construct.
 *
 * @param at construct path or class name
 * @param kinds one for each prop, so that the compiler asks for it when a prop is added
 * @throws ConstructError MANARA_PROP
 */
export function checkProps<T extends object>(
  at: string,
  props: T,
  kinds: { readonly [K in keyof Required<T>]: Kind },
): void {
  const fault = record(kinds).fault(props);
  if (fault === undefined) return;
  const name = fault.at.slice(1) || 'props';
  throw new ConstructError(
    'MANARA_PROP',
    at,
    `${name}: expected ${fault.expected}; received ${shown(fault.received)}`,
  );
}

/** A kind that is a single test. */
export function kind(title: string, test: (value: unknown) => boolean): Kind {
  return {
    title,
    fault: (received) => (test(received) ? undefined : { at: '', expected: title, received }),
  };
}

export const text = kind('text', (value) => typeof value === 'string');
/** What a file system can be asked for. */
export const path = kind(
  'a path',
  (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
);
export const anyNumber = kind('a number', (value) => typeof value === 'number');
export const object = kind('an object', isObject);

/** May be left out. `null` is not that: it says that somebody meant something. */
export function optional(given: Kind): Kind {
  return {
    title: given.title,
    fault: (value) => (value === undefined ? undefined : given.fault(value)),
  };
}

/** Either of two. */
export function either(a: Kind, b: Kind): Kind {
  return kind(
    `${a.title} or ${b.title}`,
    (value) => a.fault(value) === undefined || b.fault(value) === undefined,
  );
}

/** An array of one kind. */
export function listOf(item: Kind): Kind {
  const title = `a list, each ${item.title}`;
  return {
    title,
    fault(received) {
      if (!Array.isArray(received)) return { at: '', expected: title, received };
      return first(received.entries(), () => item);
    },
  };
}

/** An object whose values, under whatever keys, are of one kind. */
export function mapOf(item: Kind): Kind {
  const title = `an object, each value ${item.title}`;
  return {
    title,
    fault(received) {
      if (!isPlain(received)) return { at: '', expected: title, received };
      return first(Object.entries(received), () => item);
    },
  };
}

/** An object with these keys. */
export function record(kinds: Readonly<Record<string, Kind>>): Kind {
  return {
    title: 'an object',
    fault(received) {
      if (!isObject(received)) return { at: '', expected: 'an object', received };
      const values = received as Readonly<Record<string, unknown>>;
      return first(
        Object.keys(kinds).map((key) => [key, values[key]] as const),
        (key) => kinds[key],
      );
    },
  };
}

function first<K extends string | number>(
  entries: Iterable<readonly [K, unknown]>,
  kindOf: (key: K) => Kind | undefined,
): Fault | undefined {
  for (const [key, value] of entries) {
    const fault = kindOf(key)?.fault(value);
    if (fault !== undefined) return { ...fault, at: `.${key}${fault.at}` };
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object without a class: a Map has no keys to check, and a value that is known late the wrong ones. */
function isPlain(value: unknown): value is object {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A value as it was written, as far as a message has room for it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return `a function`;
  if (isObject(value)) {
    const name = (value.constructor as { name?: string } | undefined)?.name ?? 'Object';
    return name === 'Object' ? 'an object' : `a ${name}`;
  }
  const json = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
