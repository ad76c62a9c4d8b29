import type { Field } from './hpack/static-table';

/** Of a request: names in lower case, those of the request line with a colon, as node:http2 has them. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Bytes that the fields of a head may come to, unpacked, counted as RFC 9113 does (6.5.2). */
export const maxListBytes = 32 * 1024;

const isName = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** As node:http2 takes them: neither ends of lines nor other controls. */
const isValue = /^[\t\x20-\x7e\x80-\xff]*$/;
const ofTheLine = new Set([':method', ':scheme', ':path', ':authority']);
/** They are about one connection of HTTP/1.1. Source: RFC 9113, section 8.2.2. */
const ofHttp1 = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
/** A request has one of each; where it has more, the first counts, as with node:http2. */
const single = new Set([
  'authorization',
  'content-length',
  'content-type',
  'from',
  'host',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'user-agent',
]);

/** Says that a head is too long, which is not the fault of its form. */
export const tooLong = Symbol('too long');

/**
 * The head of a request.
 *
 * @returns `undefined` for one that is malformed. Source: RFC 9113, sections 8.2 and 8.3.
 */
export function requestHeaders(
  fields: readonly Field[],
): RequestHeaders | typeof tooLong | undefined {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let bytes = 0;
  let lineIsOver = false;
  for (const [name, value] of fields) {
    bytes += name.length + value.length + 32;
    if (bytes > maxListBytes) return tooLong;
    if (name.startsWith(':')) {
      if (lineIsOver || !ofTheLine.has(name) || name in headers) return undefined;
    } else {
      lineIsOver = true;
      if (ofHttp1.has(name) || (name === 'te' && value !== 'trailers')) return undefined;
    }
    if (!isName.test(name) || !isValue.test(value)) return undefined;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (!single.has(name)) headers[name] = before + (name === 'cookie' ? '; ' : ', ') + value;
  }
  const { ':method': method, ':scheme': scheme, ':path': path } = headers;
  if (method === undefined || scheme === undefined || path === undefined) return undefined;
  return path === '' ? undefined : headers;
}

/** Whether fields that follow a body may: none of them is of the line. */
export function areTrailers(fields: readonly Field[]): boolean {
  return fields.every(
    ([name, value]) => isName.test(name) && isValue.test(value) && !name.startsWith(':'),
  );
}
