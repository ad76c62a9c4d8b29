import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bedBinaries } from '../bed/binaries';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import type { Store } from './stores';

/** A registry of go-containerregistry. `undefined` where there is no Go toolchain to build it with. */
export async function ociStore(folder: string): Promise<Store | undefined> {
  const binaries = bedBinaries('crane');
  if (binaries === undefined) return undefined;
  const [port = 0] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const child = Child.start(
    'registry',
    binaries.crane,
    ['registry', 'serve', '--address', address],
    {
      logFile: join(folder, 'registry.log'),
    },
  );
  await child.until(
    () =>
      fetch(`http://${address}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      ),
    20_000,
  );
  return {
    name: 'an OCI registry',
    child,
    port,
    environment: () => ({}),
    publish: async (name, content) => {
      const repository = name.replace(/\.onnx$/, '').toLowerCase();
      await push(`http://${address}/v2/${repository}`, content);
      return (at) => `oci://127.0.0.1:${at}/${repository}:1`;
    },
  };
}

/** Stores a file as `oras push` does: as a layer with its name, and an empty configuration. */
async function push(repository: string, content: Buffer): Promise<void> {
  const empty = Buffer.from('{}');
  const [config, layer] = [await pushBlob(repository, empty), await pushBlob(repository, content)];
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType: 'application/vnd.example.model',
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: empty.length },
    layers: [
      {
        mediaType: 'application/octet-stream',
        digest: layer,
        size: content.length,
        annotations: { 'org.opencontainers.image.title': 'model.onnx' },
      },
    ],
  };
  await put(`${repository}/manifests/1`, JSON.stringify(manifest), mediaType);
}

async function pushBlob(repository: string, content: Buffer): Promise<string> {
  const begun = await fetch(`${repository}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(begun.headers.get('location') ?? '', repository);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  location.searchParams.set('digest', digest);
  await put(location.href, new Uint8Array(content), 'application/octet-stream');
  return digest;
}

async function put(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': type } });
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
}
