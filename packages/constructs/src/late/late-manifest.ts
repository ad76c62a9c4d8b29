import { ConstructError } from '../construct-error';
import { fillLate, hasLate, type LateValues } from './late';
import { isRecord, type ManifestRecord, recordAt, textAt } from '../manifest';

/**
 * A copy of a manifest in which `resolve` has replaced every text that holds a late value. Everything
 * else stays as it is.
 *
 * @throws ConstructError MANARA_LATE for a late value where it could not be replaced: in a key, or
 * encoded in base64
 */
export function mapLate(
  manifest: ManifestRecord,
  resolve: (text: string) => unknown,
): Record<string, unknown> {
  refuseEncoded(manifest);
  return mapRecord(manifest, resolve, textAt(manifest, 'kind') ?? '');
}

function mapRecord(
  record: ManifestRecord,
  resolve: (text: string) => unknown,
  at: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      if (hasLate(key)) {
        throw new ConstructError('MANARA_LATE', at, `"${key}" is a key; only values may be late`);
      }
      return [key, mapValue(value, resolve, `${at}.${key}`)];
    }),
  );
}

function mapValue(value: unknown, resolve: (text: string) => unknown, at: string): unknown {
  if (typeof value === 'string') return hasLate(value) ? resolve(value) : value;
  if (Array.isArray(value)) return value.map((item, i) => mapValue(item, resolve, `${at}.${i}`));
  return isRecord(value) ? mapRecord(value, resolve, at) : value;
}

/** In base64 a marker is no longer text, and would reach the cluster as it stands. */
function refuseEncoded(manifest: ManifestRecord): void {
  for (const field of ['data', 'binaryData']) {
    for (const [key, value] of Object.entries(recordAt(manifest, field) ?? {})) {
      if (
        typeof value === 'string' &&
        !hasLate(value) &&
        hasLate(Buffer.from(value, 'base64').toString('utf8'))
      ) {
        throw new ConstructError(
          'MANARA_LATE',
          `${textAt(manifest, 'kind') ?? ''} ${textAt(recordAt(manifest, 'metadata'), 'name') ?? ''}`,
          `${field}.${key}: holds a late value in base64; put it into stringData`,
        );
      }
    }
  }
}

/** Fills a manifest's late values from a file's. Names that `values` lacks are added to `missing`. */
export function fillManifest(
  manifest: ManifestRecord,
  values: LateValues,
  missing: Set<string>,
): Record<string, unknown> {
  return mapLate(manifest, (text) => fillLate(text, values, missing));
}
