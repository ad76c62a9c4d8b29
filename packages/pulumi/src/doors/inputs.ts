import { late } from '@manara/constructs';
import { type Input, Output } from '@pulumi/pulumi';

/**
 * Props whose text may be an `Output` or a promise. What has a shape of its own stays as it is: names
 * of places, counts, and objects with methods, such as a `Peer`.
 */
export type WithInputs<T> = T extends string
  ? string extends T
    ? Input<T>
    : T
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: WithInputs<T[K]> }
    : T extends object
      ? HasMethods<T> extends true
        ? T
        : { readonly [K in keyof T]: WithInputs<T[K]> }
      : T;

type HasMethods<T> = {
  [K in keyof T]-?: Exclude<T[K], undefined> extends (...args: never) => unknown ? true : never;
}[keyof T] extends never
  ? false
  : true;

/**
 * The props with a late value's marker in place of each `Output` and promise; one that stands in several
 * places is one value.
 *
 * @param what names the late values in messages: `ModelBucket.uri`
 */
export function toLate<T>(what: string, props: WithInputs<T>): T {
  return mapInputs(what, props, new Map()) as T;
}

function mapInputs(at: string, value: unknown, markers: Map<unknown, string>): unknown {
  if (Output.isInstance(value) || value instanceof Promise) {
    const marker = markers.get(value) ?? late(at, value);
    markers.set(value, marker);
    return marker;
  }
  if (Array.isArray(value)) return value.map((item, i) => mapInputs(`${at}.${i}`, item, markers));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      mapInputs(`${at}.${nameOf(key)}`, item, markers),
    ]),
  );
}

/** Only letters, digits, ".", "_" and "-" stand in a late value's name; an annotation's key has more. */
function nameOf(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
