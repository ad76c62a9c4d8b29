import { isDeepStrictEqual } from 'node:util';
import { Chart } from 'cdk8s';
import type { ApiObject } from 'cdk8s';
import { isRecord, type ManifestRecord } from '../manifest';
import { manifestPath } from '../readers/manifest-path';
import type { Evidence, ManifestEvidence } from './dossier-part';
import { say, type Text } from './text';

/** What a piece of evidence shows, or that the tree does not bear it out. */
export interface Shown {
  readonly holds: boolean;
  readonly text: Text;
}

/** Reads evidence where it stands, so that a patched object is seen as it will be applied. */
export function shownEvidence(evidence: Evidence): Shown {
  return 'said' in evidence ? { holds: true, text: evidence.said } : fromManifest(evidence);
}

function fromManifest({ object, field, equals }: ManifestEvidence): Shown {
  const at = say`${objectTitle(object)} in ${fileOf(object)}`;
  if (field === undefined) return { holds: true, text: at };
  const values = valuesAt(object.toJson() as ManifestRecord, pointer(field));
  const holds =
    values.length > 0 &&
    values.every((value) =>
      equals === undefined ? value !== undefined : isDeepStrictEqual(value, equals),
    );
  const found = [...new Set(values.map((value) => (value === undefined ? 'nothing' : shown(value))))];
  const says = found.length === 0 ? 'nothing' : found.join(', ');
  return { holds, text: say`${at}: ${pointer(field).join('.')} is ${says}` };
}

/** `Namespace/uae-bank`, as people look for it. */
export function objectTitle({ kind, name }: ApiObject): string {
  return `${kind}/${name}`;
}

/** File that `manara synth` writes an object to. */
export function fileOf(object: ApiObject): string {
  return manifestPath(object, Chart.of(object));
}

function pointer(field: string): readonly string[] {
  return field
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): readonly unknown[] {
  if (key === undefined) return [value];
  if (key === '*') return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  if (Array.isArray(value)) return valuesAt(value[Number(key)], rest);
  return isRecord(value) ? valuesAt(value[key], rest) : [undefined];
}

const longest = 120;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
