import { isLate, lateMarker } from '@manara/residency';
import { ConstructError } from '../construct-error';

/** A value that exists only after deployment, and where it comes from. */
export interface LateValue {
  readonly name: string;
  /** Whatever the reader knows how to wait for: a Pulumi `Output`, a promise, a plain value. */
  readonly source: unknown;
  /** Set for a value that is computed from text holding other late values. */
  readonly derived?: Derived;
}

interface Derived {
  readonly text: string;
  readonly compute: (resolved: string) => string;
}

/** Two copies of this package, in one process, must read each other's markers. */
const registryKey = Symbol.for('@manara/constructs.late');

function registry(): Map<string, LateValue> {
  const holder = globalThis as { [registryKey]?: Map<string, LateValue> };
  return (holder[registryKey] ??= new Map<string, LateValue>());
}

/**
 * Puts a value that exists only after deployment (a bucket's address, a role's ARN) into a prop. It
 * returns a marker: a string that may stand alone, inside a longer string or inside JSON, until a
 * reader swaps it for the value. Leaves may be late; shape (counts, names, booleans) may not.
 *
 * @param name   what the value is called: in `manara synth --values FILE`, and in error messages
 * @param source what the reader waits for, such as a Pulumi `Output`; left out where the value comes
 *               from a file
 * @throws ConstructError MANARA_LATE for a name of other than letters, digits, ".", "_" and "-"
 */
export function late(name: string, source?: unknown): string {
  if (!/^[A-Za-z][A-Za-z0-9._-]*$/.test(name)) {
    throw new ConstructError(
      'MANARA_LATE',
      'late',
      `name: expected a letter, then letters, digits, ".", "_" or "-"; received "${name}"`,
    );
  }
  return register({ name, source });
}

/**
 * Text computed from text that may hold late values: a digest of a document, say. Where it holds none
 * it is computed at once; otherwise the reader computes it after it has filled them in.
 */
export function derive(name: string, text: string, compute: (resolved: string) => string): string {
  if (!hasLate(text)) return compute(text);
  return register({ name, source: undefined, derived: { text, compute } });
}

function register(value: LateValue): string {
  const values = registry();
  for (let n = 1; ; n++) {
    const key = n === 1 ? value.name : `${value.name}~${n}`;
    const present = values.get(key);
    if (present !== undefined && !isSame(present, value)) continue;
    values.set(key, value);
    return `\${late:${key}}`;
  }
}

function isSame(a: LateValue, b: LateValue): boolean {
  return a.name === b.name && a.source === b.source && a.derived?.text === b.derived?.text;
}

/** Whether any value of this process is late; most programs have none, and need not be searched. */
export function hasLateValues(): boolean {
  return registry().size > 0;
}

/** Whether text holds a marker. Validation of a prop skips what is not known yet. */
export function hasLate(text: string): boolean {
  return isLate(text);
}

/** A piece of text: plain, or a late value. */
export type LatePart = string | LateValue;

/**
 * Splits text at its markers.
 *
 * @throws ConstructError MANARA_LATE for a marker that this process never made
 */
export function splitLate(text: string): readonly LatePart[] {
  const parts: LatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp(lateMarker, 'g'))) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const key = match[0].slice('${late:'.length, -1);
    const value = registry().get(key);
    if (value === undefined) {
      throw new ConstructError(
        'MANARA_LATE',
        'late',
        `"${match[0]}" was not made by late() in this process`,
      );
    }
    parts.push(value);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/**
 * How a value is written into a text: as it is, or, where the text is JSON, without breaking out of the
 * JSON string that its marker stands in.
 */
export function lateWriter(text: string): (value: string) => string {
  return isJson(text) ? (value) => JSON.stringify(value).slice(1, -1) : (value) => value;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // `{"replicas": ${late:n}}` is JSON only once it is filled: its value is written as it is.
    return false;
  }
}

/** Names of all values that `late` has put into this process's trees; sorted. */
export function lateNames(): readonly string[] {
  const given = [...registry().values()].filter(({ derived }) => derived === undefined);
  return [...new Set(given.map(({ name }) => name))].sort();
}

/** Values by name, for `manara synth --values FILE`. */
export type LateValues = Readonly<Record<string, string>>;

/** Replaces every marker in text by its value. Names that `values` lacks are added to `missing`. */
export function fillLate(text: string, values: LateValues, missing: Set<string>): string {
  const write = lateWriter(text);
  const valueOf = ({ name, derived }: LateValue): string => {
    if (derived !== undefined) return derived.compute(fillLate(derived.text, values, missing));
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) missing.add(name);
    return value ?? '';
  };
  return splitLate(text)
    .map((part) => (typeof part === 'string' ? part : write(valueOf(part))))
    .join('');
}

/** Text with its late values filled in; unchanged where `values` lacks one of them. */
export function fillIfKnown(text: string, values: LateValues): string {
  const missing = new Set<string>();
  const filled = fillLate(text, values, missing);
  return missing.size === 0 ? filled : text;
}
