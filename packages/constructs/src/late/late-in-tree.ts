import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { hasLateValues, type LateValue, splitLate } from './late';
import { isRecord } from '../manifest';

/** Two copies of this package, in one process, must know that the tree is read by one of them. */
const readerKey = Symbol.for('@manara/constructs.fillsLate');

/** Runs a reader that fills late values itself: meanwhile their markers may stand in the tree. */
export function readingLate<T>(root: IConstruct, read: () => T): T {
  const holder = root as IConstruct & { [readerKey]?: boolean };
  const before = holder[readerKey] ?? false;
  holder[readerKey] = true;
  try {
    return read();
  } finally {
    holder[readerKey] = before;
  }
}

/** What is wrong with late values in a tree that is read by something that cannot fill them. */
export function lateFaults(scope: IConstruct): readonly string[] {
  const { root } = scope.node;
  const isFilled = (root as IConstruct & { [readerKey]?: boolean })[readerKey] === true;
  if (isFilled || !hasLateValues()) return [];
  const objects = scope.node.findAll().filter((c) => ApiObject.isApiObject(c));
  const names = new Set(objects.flatMap((o) => lateValuesIn(o.toJson()).map(({ name }) => name)));
  if (names.size === 0) return [];
  return [
    `late values ${[...names].sort().join(', ')} are known only after deployment, and this reader of the tree would write their markers; fix: manara synth --values FILE, or deploy it with Pulumi`,
  ];
}

/** Every late value in a manifest or text, those behind computed ones included. */
export function lateValuesIn(x: unknown): readonly LateValue[] {
  if (typeof x === 'string') {
    return splitLate(x).flatMap((part) => {
      if (typeof part === 'string') return [];
      return part.derived === undefined ? [part] : lateValuesIn(part.derived.text);
    });
  }
  if (Array.isArray(x)) return x.flatMap(lateValuesIn);
  return isRecord(x) ? Object.values(x).flatMap(lateValuesIn) : [];
}
