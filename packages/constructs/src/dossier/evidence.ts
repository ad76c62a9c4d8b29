import { isDeepStrictEqual } from 'node:util';
import { Chart } from 'cdk8s';
import type { ApiObject } from 'cdk8s';
import { isRecord, type ManifestRecord } from '../manifest';
import { manifestPath } from '../readers/manifest-path';
import type { Evidence, ManifestEvidence } from './dossier-part';
import { joined, list, say, type Text } from './text';

/** What evidence shows, and whether the tree bears it out. */
export interface Shown {
  readonly holds: boolean;
  readonly text: Text;
}

/** Reads evidence where it stands, so that a patched object is seen as it will be applied. */
export function shownEvidence(evidence: readonly Evidence[]): Shown {
  const said = evidence.flatMap((one) => ('said' in one ? [one.said] : []));
  const objects = new Map<ApiObject, ManifestEvidence[]>();
  for (const one of evidence) {
    if (!('said' in one)) objects.set(one.object, [...(objects.get(one.object) ?? []), one]);
  }
  const fields = [...objects].map(([object, of]) => ofObject(object, of));
  return {
    holds: fields.every(({ holds }) => holds),
    text: joined([...said, ...fields.map(({ text }) => text)], '; '),
  };
}

function ofObject(object: ApiObject, evidence: readonly ManifestEvidence[]): Shown {
  const at = say`${objectTitle(object)} in ${fileOf(object)}`;
  const manifest = object.toJson() as ManifestRecord;
  const fields = evidence.flatMap(({ field, equals }) =>
    field === undefined ? [] : [ofField(valuesAt(manifest, pointer(field)), field, equals)],
  );
  if (fields.length === 0) return { holds: true, text: at };
  return {
    holds: fields.every(({ holds }) => holds),
    text: say`${at}: ${joined(fields.map(({ text }) => text))}`,
  };
}

function ofField(values: readonly unknown[], field: string, equals: unknown): Shown {
  const holds =
    values.length > 0 &&
    values.every((value) =>
      equals === undefined ? value !== undefined : isDeepStrictEqual(value, equals),
    );
  const found = [...new Set(values.map((value) => (value === undefined ? '' : shown(value))))];
  const is = found.join(', ') === '' ? ['nothing'] : list(found);
  return { holds, text: say`${pointer(field).join('.')} is ${is}` };
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
