import { SourceUriError } from '../source';

/** An artifact in a registry. */
export interface OciReference {
  /** Host, with its port where it has one. */
  readonly host: string;
  readonly repository: string;
  /** A tag, or `sha256:` and a digest. */
  readonly reference: string;
}

/** Source: OCI Distribution Specification 1.1, "Pulling manifests"; read 2026-11. */
const component = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const pattern = new RegExp(
  String.raw`^oci://([\w.-]+(?::\d{1,5})?)/(${component}(?:/${component})*)(?::(\w[\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$`,
);

/** @throws SourceUriError unless the URI is `oci://host/repository:tag` or `…@sha256:digest`. */
export function parseReference(uri: string): OciReference {
  const [, host, repository, tag, digest] = pattern.exec(uri) ?? [];
  const reference = tag ?? digest;
  if (host === undefined || repository === undefined || reference === undefined) {
    throw new SourceUriError(
      `expected oci://host/repository:tag or oci://host/repository@sha256:…, received "${uri}"`,
    );
  }
  return { host, repository, reference };
}
