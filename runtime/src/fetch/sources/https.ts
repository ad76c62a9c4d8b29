import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { FetchError, isPassingStatus } from '../fetch-error';
import { type OpenedSource, type Source, SourceUriError } from './source';

const maxRedirects = 5;

/**
 * A file behind a web server. `http:` is read from this machine's loopback only, where a sidecar
 * or a test listens. A redirect is followed within the same origin; one that leaves it is refused,
 * because the other host is a flow that nobody declared.
 *
 * @throws SourceUriError for credentials in the URI, and for `http:` to another machine.
 */
export function httpsSource(url: URL): Source {
  const label = labelOf(url);
  if (url.username !== '' || url.password !== '') {
    throw new SourceUriError(`expected no credentials in the URI, received some in "${label}"`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SourceUriError(`expected https: for another machine, received "${label}"`);
  }
  return { label, open: (signal) => open(url, label, signal) };
}

async function open(url: URL, label: string, signal: AbortSignal): Promise<OpenedSource> {
  let target = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await fetch(target, {
      redirect: 'manual',
      // The digest is of the stored bytes, not of a compressed transfer of them.
      headers: { 'accept-encoding': 'identity' },
      signal,
    });
    if (response.status === 200 && response.body !== null) {
      return {
        // DOM's and Node.js's declarations of the same class differ.
        body: Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
        bytes: lengthOf(response),
      };
    }
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw new FetchError(
        `${label}: the server answered ${response.status} ${response.statusText}`.trimEnd(),
        isPassingStatus(response.status),
      );
    }
    target = redirected(target, location, label);
  }
  throw new FetchError(`${label}: more than ${maxRedirects} redirects`, false);
}

function redirected(from: URL, location: string, label: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw new FetchError(`${label}: redirected to no valid address`, false);
  }
  const to = new URL(location, from);
  if (to.origin !== from.origin) {
    throw new FetchError(
      `${label}: redirected to ${to.origin}, which leaves the declared flow to ${from.origin}; publish the weights there, or declare the address that serves them`,
      false,
    );
  }
  return to;
}

function lengthOf(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  return length === null ? undefined : Number(length);
}

/** Presigned addresses carry their secret in the query. */
function labelOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
