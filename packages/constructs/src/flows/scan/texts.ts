import { hostFact, regionOfHost } from '@manara/residency';
import { isRecord, type ManifestRecord, recordAt, recordsIn, textAt } from '../../manifest';
import { egress, type Find } from './find';
import { type KnownEnds, storeOf } from './known-ends';

/**
 * What an object's texts (arguments, variables, configuration files) say that it reaches: stores of
 * weights, and hosts that are known to lie outside of the zone. A host that is not known proves nothing;
 * the network, which denies what no policy opens, is what holds it.
 */
export function textFinds(manifest: unknown, known: KnownEnds): readonly Find[] {
  return textsOf(manifest).flatMap((text) => [
    ...foreignStores(text, known),
    ...foreignHosts(text, known),
  ]);
}

/**
 * Labels and annotations are for people and tools, but for those that a pod is given; images are read as
 * such.
 */
const unread = new Set(['metadata', 'image']);

function textsOf(manifest: unknown): readonly string[] {
  const { data, ...rest } = isRecord(manifest) ? manifest : {};
  const isSecret = textAt(manifest, 'kind') === 'Secret';
  const encoded = [isSecret ? data : undefined, recordAt(manifest, 'binaryData')];
  return [
    ...textsIn(rest),
    ...(isSecret ? [] : textsIn(data)),
    ...givenMetadata(manifest),
    ...encoded.flatMap(textsIn).map((text) => Buffer.from(text, 'base64').toString('utf8')),
  ].map(withoutComments);
}

function textsIn(x: unknown): readonly string[] {
  if (typeof x === 'string') return [x];
  if (Array.isArray(x)) return x.flatMap(textsIn);
  if (!isRecord(x)) return [];
  return Object.entries(x).flatMap(([key, value]) => (unread.has(key) ? [] : textsIn(value)));
}

const metadataPath = /^metadata\.(annotations|labels)(?:\['(.+)'\])?$/;

/** Labels and annotations that a pod gets to read, as files or variables. */
function givenMetadata(manifest: unknown): readonly string[] {
  const records = recordsIn(manifest);
  const metadata = records.map((record) => recordAt(record, 'metadata'));
  return records.flatMap((record) => {
    const [, field, key] = metadataPath.exec(textAt(record, 'fieldPath') ?? '') ?? [];
    if (field === undefined) return [];
    return metadata.flatMap((of) => textsIn(chosen(recordAt(of, field), key)));
  });
}

function chosen(record: ManifestRecord | undefined, key: string | undefined): unknown {
  return key === undefined ? Object.values(record ?? {}) : record?.[key];
}

/** Configuration files often say in a comment where to read on. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:#|\/\/).*$/gm, '');
}

/** Addresses of stores that weights are fetched from. */
const storeAddress = /\b(?:s3|gs|hf|az|azblob|abfss?|wasbs?|oss|oci):\/\/[^\s"',]+/g;

function foreignStores(text: string, known: KnownEnds): readonly Find[] {
  return (text.match(storeAddress) ?? [])
    .filter((uri) => !known.stores.has(storeOf(uri)))
    .map((uri) => ({
      kind: 'artifact',
      evidence: `reads "${uri}", which no ModelBucket of the zone declares`,
      fix: 'declare its bucket as the ModelBucket of an endpoint, or remove it',
    }));
}

const hostName = /(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?![\w-])/gi;

function foreignHosts(text: string, { hosts, places }: KnownEnds): readonly Find[] {
  const named = (text.match(hostName) ?? []).map((host) => host.toLowerCase());
  return named.flatMap((host) => {
    if (hosts.has(host)) return [];
    const fact = hostFact(host);
    const place = regionOfHost(host)?.place;
    const isOfDeclared = [...hosts].some((one) => fact !== undefined && hostFact(one) === fact);
    const isForeign = place !== undefined && !places.some((one) => one === place);
    if ((fact === undefined || isOfDeclared) && !isForeign) return [];
    const whose = isForeign ? `in ${place}` : (fact?.operator ?? '');
    return [egress(`names ${host} (${whose}), which no flow declares`)];
  });
}
