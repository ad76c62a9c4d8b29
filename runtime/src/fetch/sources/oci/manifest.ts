import { createHash } from 'node:crypto';
import { modelFile } from '@manara/contract';
import { FetchError } from '../../fetch-error';
import { statusError } from '../http-file';
import type { OciReference } from './reference';
import type { Registry } from './registry';

/** Sources: OCI Image Specification 1.1, "Image Manifest" and "Annotations"; read 2026-11. */
const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const titleAnnotation = 'org.opencontainers.image.title';

/** What the specification lets a registry refuse to store, in bytes. */
const greatestManifest = 4 * 1024 * 1024;

/** A file of an artifact, as its manifest describes it. */
export interface Layer {
  /** `sha256:` and the digest of the file. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Asks for an artifact's manifest, and finds the layer in it that is the model.
 *
 * @throws FetchError for a manifest whose digest is not the one that was asked for or announced, and
 * for one that does not say which file is the model
 */
export async function modelLayer(
  registry: Registry,
  { reference }: OciReference,
  label: string,
  signal: AbortSignal,
): Promise<Layer> {
  const url = registry.urlOf(`manifests/${reference}`);
  const response = await registry.ask(url, { accept: manifestTypes.join(', ') }, signal);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw statusError(label, response);
  }
  const bytes = await limitedBody(response, label);
  const received = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const announced = response.headers.get('docker-content-digest');
  const expected = reference.startsWith('sha256:') ? reference : (announced ?? received);
  if (received !== expected) {
    throw new FetchError(
      `${label}: expected a manifest of digest ${expected}, received ${received}`,
      false,
    );
  }
  return layerIn(parse(bytes, label), label);
}

async function limitedBody(response: Response, label: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > greatestManifest) {
      throw new FetchError(
        `${label}: the manifest is larger than ${greatestManifest} bytes`,
        false,
      );
    }
  }
  return Buffer.concat(chunks);
}

interface Manifest {
  readonly mediaType?: string;
  readonly layers?: readonly Layer[];
}

function parse(bytes: Buffer, label: string): Manifest {
  try {
    return JSON.parse(bytes.toString('utf8')) as Manifest;
  } catch {
    throw new FetchError(`${label}: expected a manifest, received no JSON`, false);
  }
}

/** The file called `model.onnx`, in whatever folder, or else the only one. */
function layerIn({ mediaType, layers }: Manifest, label: string): Layer {
  if (!Array.isArray(layers)) {
    throw new FetchError(
      `${label}: expected the manifest of an artifact, received ${mediaType ?? 'one without layers'}`,
      false,
    );
  }
  const all: readonly Layer[] = layers;
  const called = all.filter((layer) => titleOf(layer)?.split('/').at(-1) === modelFile);
  const [layer, ...others] = called.length > 0 ? called : all;
  if (layer === undefined || others.length > 0) {
    const titles = all.map((one) => titleOf(one) ?? one.digest).join(', ');
    throw new FetchError(
      `${label}: expected one layer, or one that is called ${modelFile}; received ${titles === '' ? 'none' : titles}`,
      false,
    );
  }
  return checkLayer(layer, label);
}

function titleOf({ annotations }: Layer): string | undefined {
  return annotations?.[titleAnnotation];
}

function checkLayer(layer: Layer, label: string): Layer {
  if (!/^sha256:[0-9a-f]{64}$/.test(layer.digest)) {
    throw new FetchError(
      `${label}: expected a layer with a SHA-256 digest, received "${layer.digest}"`,
      false,
    );
  }
  if (/\b(tar|gzip|zstd)\b/.test(layer.mediaType ?? '')) {
    throw new FetchError(
      `${label}: expected the model file itself as a layer, received ${layer.mediaType ?? ''}; push it with "oras push", not as a container image`,
      false,
    );
  }
  return layer;
}
