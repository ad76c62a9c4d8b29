import { openHttpFile } from './http-file';
import { isLoopback } from './loopback';
import { type Source, type SourceOptions, SourceUriError } from './source';

/**
 * A file behind a web server, read without credentials. `http:` is read from this machine's loopback
 * only, where a sidecar or a test listens.
 *
 * @throws SourceUriError for credentials in the URI, and for `http:` to another machine.
 */
export function httpsSource(url: URL, { allowedHosts }: SourceOptions): Source {
  const label = labelOf(url);
  if (url.username !== '' || url.password !== '') {
    throw new SourceUriError(`expected no credentials in the URI, received some in "${label}"`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SourceUriError(`expected https: for another machine, received "${label}"`);
  }
  return {
    label,
    open: (from, signal) => {
      const ask = (target: URL, headers: Readonly<Record<string, string>>) =>
        fetch(target, { redirect: 'manual', headers, signal });
      return openHttpFile({ url, label, allowedHosts, ask }, from);
    },
  };
}

/** Presigned addresses carry their secret in the query. */
function labelOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
