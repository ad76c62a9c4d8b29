import { openHttpFile } from '../http-file';
import type { Source, SourceOptions } from '../source';
import { modelLayer } from './manifest';
import { parseReference } from './reference';
import { Registry } from './registry';

/**
 * A model in an OCI registry, as `oras push` stores it: a layer of the artifact is the file. Logins are
 * Docker's; TLS is used except on the loopback.
 *
 * @throws SourceUriError unless the URI is `oci://host/repository:tag` or `…@sha256:digest`.
 */
export function ociSource(uri: string, { allowedHosts }: SourceOptions): Source {
  const artifact = parseReference(uri);
  const registry = new Registry({ artifact, label: uri, allowedHosts });
  return {
    label: uri,
    async open(from, signal) {
      const { digest, size } = await modelLayer(registry, artifact, uri, signal);
      // A blob is known by its digest. Registries' own tags of it come and go with where it is stored.
      const etag = `"${digest}"`;
      const offset = from.etag === etag ? from.offset : 0;
      const file = {
        url: registry.urlOf(`blobs/${digest}`),
        label: uri,
        bytes: size,
        allowedHosts,
        ask: (url: URL, headers: Readonly<Record<string, string>>) =>
          registry.ask(url, headers, signal),
      };
      const opened = await openHttpFile(file, { offset });
      return { ...opened, bytes: size, etag, sha256: digest.slice('sha256:'.length) };
    },
  };
}
