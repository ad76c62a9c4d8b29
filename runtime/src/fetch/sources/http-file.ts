import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { FetchError, isPassingStatus, SourceChanged } from '../fetch-error';
import type { OpenedSource, ResumePoint, SourceOptions } from './source';

const maxRedirects = 5;

export interface HttpFile extends SourceOptions {
  readonly url: URL;
  /** The URI as it may be logged. */
  readonly label: string;
  /** Size of the file, where it is known before it is asked for. Some registries want a range with two ends. */
  readonly bytes?: number;
  /** Sends one GET, which must not follow redirects by itself. */
  readonly ask: (url: URL, headers: Readonly<Record<string, string>>) => Promise<Response>;
}

/**
 * Reads a file over HTTP. A redirect is followed within the same origin and to the hosts that were
 * allowed; one to another host is refused, because that is a flow that nobody declared.
 */
export async function openHttpFile(file: HttpFile, from: ResumePoint): Promise<OpenedSource> {
  let target = file.url;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await file.ask(target, {
      // The digest is of the stored bytes, not of a compressed transfer of them.
      'accept-encoding': 'identity',
      ...rangeHeaders(from, file.bytes),
    });
    const opened = openedFrom(response, file.label, from);
    if (opened !== undefined) return opened;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw statusError(file.label, response);
    }
    target = redirected(target, location, file);
  }
  throw new FetchError(`${file.label}: more than ${maxRedirects} redirects`, false);
}

/** With `If-Range` a server sends what follows, or all of it where the content is another by now. */
function rangeHeaders(
  { offset, etag }: ResumePoint,
  bytes: number | undefined,
): Readonly<Record<string, string>> {
  if (offset === 0) return {};
  const last = bytes === undefined ? '' : String(bytes - 1);
  return { range: `bytes=${offset}-${last}`, ...(etag === undefined ? {} : { 'if-range': etag }) };
}

function openedFrom(
  response: Response,
  label: string,
  from: ResumePoint,
): OpenedSource | undefined {
  const { status, body, headers } = response;
  if (status === 416) throw new SourceChanged(label);
  if ((status !== 200 && status !== 206) || body === null) return undefined;
  const etag = strongTag(headers.get('etag'));
  // DOM's and Node.js's declarations of the same class differ.
  const opened = { body: Readable.fromWeb(body as ReadableStream<Uint8Array>), etag };
  if (status === 200) return { ...opened, offset: 0, bytes: lengthOf(headers) };
  const range = parseContentRange(headers.get('content-range'));
  const sameTag = from.etag === undefined || etag === undefined || etag === from.etag;
  if (range?.start !== from.offset || !sameTag) {
    opened.body.destroy();
    throw new SourceChanged(label);
  }
  return { ...opened, offset: range.start, bytes: range.total };
}

/** A weak tag stands for equal meaning, not for equal bytes. */
function strongTag(etag: string | null): string | undefined {
  return etag?.startsWith('"') === true ? etag : undefined;
}

/** `bytes 100-299/300`, `bytes 100-299/*` */
export function parseContentRange(
  text: string | null | undefined,
): { readonly start: number; readonly total: number | undefined } | undefined {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? '') ?? [];
  if (start === undefined) return undefined;
  return { start: Number(start), total: total === '*' ? undefined : Number(total) };
}

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

/** What a server's refusal means for the next try. */
export function statusError(label: string, { status, statusText }: Response): FetchError {
  return new FetchError(
    `${label}: the server answered ${status} ${statusText}`.trimEnd(),
    isPassingStatus(status),
  );
}

function redirected(from: URL, location: string, { label, url, allowedHosts }: HttpFile): URL {
  if (!URL.canParse(location, from.href)) {
    throw new FetchError(`${label}: redirected to no valid address`, false);
  }
  const to = new URL(location, from);
  if (to.origin === url.origin || isAllowed(to, allowedHosts)) return to;
  throw new FetchError(
    `${label}: redirected to ${to.origin}, which leaves the declared flow to ${url.origin}; publish the weights there, declare the address that serves them, or allow it with --allow-host ${to.host}`,
    false,
  );
}

/** Whether the command line lets a source lead to this address. */
export function isAllowed(url: URL, allowedHosts: readonly string[]): boolean {
  return url.protocol === 'https:' && allowedHosts.includes(url.host);
}
