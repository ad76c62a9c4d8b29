import { ConstructError, type ManifestRecord } from '@manara/constructs';
import { lateValues } from './late-values';
import { holdsOutputText } from './output-text';

/** Why a manifest cannot be deployed: one line for each text in it that would reach no cluster right. */
export function documentFaults(path: string, manifest: ManifestRecord): readonly string[] {
  return textsOf(manifest, []).flatMap(({ at, text }) =>
    textFaults(text).map((fault) => `${path}: ${at}: ${fault}`),
  );
}

function textFaults(text: string): readonly string[] {
  if (holdsOutputText(text)) {
    return [
      "holds the error text of a Pulumi Output that was put into a string; put late('name', output) there instead of the Output",
    ];
  }
  try {
    const unsourced = lateValues(text).filter(({ source }) => source === undefined);
    return unsourced.map(
      ({ name }) =>
        `late value "${name}" has no source; expected late('${name}', output) with a Pulumi Output, a promise, or text such as that of pulumi.Config`,
    );
  } catch (error) {
    if (error instanceof ConstructError) return [error.message];
    throw error;
  }
}

interface Text {
  /** Where it stands in the manifest: `spec.template.spec.containers.0.image`. */
  readonly at: string;
  readonly text: string;
}

/** Every text of a manifest: keys, values, and what a Secret or ConfigMap holds in base64. */
function textsOf(value: unknown, path: readonly string[]): readonly Text[] {
  const at = path.join('.');
  if (typeof value === 'string') {
    const isEncoded = path.length === 2 && (path[0] === 'data' || path[0] === 'binaryData');
    const decoded = isEncoded ? [{ at, text: Buffer.from(value, 'base64').toString('utf8') }] : [];
    return [{ at, text: value }, ...decoded];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { at: [...path, '<key>'].join('.'), text: key },
    ...textsOf(item, [...path, key]),
  ]);
}
