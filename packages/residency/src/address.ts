import { isLate } from './late-marker';

/** Schemes whose authority is a bucket or nothing at all, not a host on a network. */
const hostless = ['s3:', 's3a:', 's3n:', 'gs:', 'az:', 'file:', 'pvc:'];

/**
 * Host of an address in lower case, without port: of a URI, or of an image reference without a scheme
 * (`ghcr.io/a/b:1`). `undefined` for a late address and for one that names no host.
 */
export function hostOf(address: string): string | undefined {
  if (isLate(address)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return hostOfReference(address);
  if (hostless.includes(scheme)) return undefined;
  if (scheme === 'hf:') return 'huggingface.co';
  const authority = address.slice(scheme.length + 2).split(/[/?#]/, 1)[0] ?? '';
  if (scheme === 'azblob:') {
    return authority === '' ? undefined : `${authority.toLowerCase()}.blob.core.windows.net`;
  }
  return bareHost(authority.slice(authority.lastIndexOf('@') + 1));
}

/**
 * Without a scheme, the first part is a host where it has a dot, or where a path follows it and it has a
 * port or is `localhost`; `library/nginx:1.25` and `collector:4317` name none that can be looked up.
 * Source: distribution/reference, normalize.go; read 2026-11.
 */
function hostOfReference(reference: string): string | undefined {
  const [first = '', ...rest] = reference.split('/');
  const host = bareHost(first);
  const registry = rest.length > 0 && (first.includes(':') || first === 'localhost');
  return registry || host?.includes('.') === true ? host : undefined;
}

function bareHost(authority: string): string | undefined {
  const host = authority.startsWith('[')
    ? authority.slice(1, authority.indexOf(']'))
    : authority.replace(/:.*$/, '');
  return host === '' ? undefined : host.toLowerCase().replace(/\.$/, '');
}
