import { headers } from '@manara/contract';
import { isReadableType } from '../content-type';
import { HeaderFields } from './header-fields';
import { bytesLike, Scanner } from './scanner';

/** The head of a plain inference request. */
export interface PlainHead {
  readonly model: string;
  readonly version: string | undefined;
  readonly fields: HeaderFields;
  /** Bytes of the head, the empty line counted in. */
  readonly length: number;
  readonly bodyLength: number;
  /** Bytes of JSON that the body begins with, where the request says so. */
  readonly jsonLength: number | undefined;
}

/**
 * What the bytes are that a request begins with: a whole head, the beginning of one, or anything
 * else, which is not ours to judge.
 */
export type HeadReading = PlainHead | 'partial' | 'other';

/** Node.js reads 16 KiB, and answers what is longer. */
export const maxHeadBytes = 8 * 1024;
export const maxFields = 64;
export const maxSegment = 128;

const unreserved = bytesLike(/[A-Za-z0-9._~-]/);
const token = bytesLike(/[!#$%&'*+.^_`|~0-9A-Za-z-]/);
const blank = bytesLike(/[ \t]/);
const text = bytesLike(/[\t -~]/);

const begin = Buffer.from('POST /v2/models/');
const versions = Buffer.from('/versions/');
const infer = Buffer.from('/infer HTTP/1.1\r\n');
const colon = Buffer.from(':');
const lineEnd = Buffer.from('\r\n');
const carriageReturn = 0x0d;
const letterV = 0x76;

/** Fields that change what a request is, or where it ends, or how it is to be answered. */
export const unusual = [
  'transfer-encoding',
  'content-encoding',
  'expect',
  'upgrade',
  'te',
  'trailer',
  // The parser of Node.js takes it for `connection`.
  'proxy-connection',
  // Of requests that become jobs, or are answered from one that was.
  'prefer',
  'idempotency-key',
] as const;

/**
 * Reads the head of a request if it is a plain inference. Every byte of it is looked at; nothing is
 * passed over, repaired or guessed.
 *
 * @param maxBodyBytes - greatest body that is plain.
 */
export function readHead(bytes: Buffer, maxBodyBytes: number): HeadReading {
  const scan = new Scanner(bytes);
  const target = scanTarget(scan);
  const places = target && scanFields(scan);
  if (target === undefined || places === undefined) {
    return scan.ranOut && scan.at < maxHeadBytes ? 'partial' : 'other';
  }
  const fields = new HeaderFields(bytes.toString('latin1', 0, scan.at), places);
  const bodyLength = wholeNumber(fields.get('content-length'));
  const jsonLength = wholeNumber(fields.get(headers.inferenceHeaderContentLength));
  const isPlain =
    scan.at <= maxHeadBytes &&
    bodyLength !== undefined &&
    bodyLength > 0 &&
    bodyLength <= maxBodyBytes &&
    (jsonLength === undefined || jsonLength <= bodyLength) &&
    Boolean(fields.get('host')) &&
    isKeptAlive(fields.get('connection')) &&
    isReadableType(fields.get('content-type'), jsonLength !== undefined) &&
    !unusual.some((name) => fields.get(name) !== undefined) &&
    !fields.hasTwins();
  if (!isPlain) return 'other';
  const { model, version } = target;
  return { model, version, fields, length: scan.at, bodyLength, jsonLength };
}

type Target = Pick<PlainHead, 'model' | 'version'>;

/** The request line. @returns `undefined` where it does not fit */
function scanTarget(scan: Scanner): Target | undefined {
  if (!scan.text(begin)) return undefined;
  const model = scanSegment(scan);
  if (model === undefined) return undefined;
  // After the slash comes `versions` or `infer`.
  const asked = scan.bytes[scan.at + 1] === letterV;
  if (asked && !scan.text(versions)) return undefined;
  const named = asked ? scanSegment(scan) : '';
  if (named === undefined || !scan.text(infer)) return undefined;
  return { model, version: asked ? named : undefined };
}

/** A part of the path that means what it says: nothing in it is encoded. */
function scanSegment(scan: Scanner): string | undefined {
  const start = scan.at;
  if (!scan.span(unreserved) || scan.at === start || scan.at - start > maxSegment) return undefined;
  return scan.bytes.toString('latin1', start, scan.at);
}

/** The fields, and the empty line after them. @returns their places; `undefined` where one does not fit */
function scanFields(scan: Scanner): readonly number[] | undefined {
  const places: number[] = [];
  while (places.length <= maxFields * 4) {
    if (scan.next === carriageReturn) return scan.text(lineEnd) ? places : undefined;
    const nameStart = scan.at;
    if (!scan.span(token) || scan.at === nameStart) return undefined;
    const nameEnd = scan.at;
    if (!scan.text(colon) || !scan.span(blank)) return undefined;
    const valueStart = scan.at;
    if (!scan.span(text)) return undefined;
    const valueEnd = scan.endWithout(blank, valueStart);
    if (!scan.text(lineEnd)) return undefined;
    places.push(nameStart, nameEnd, valueStart, valueEnd);
  }
  return undefined;
}

/** @returns `undefined` where there is none; NaN, which nothing is equal to or less than, for others */
function wholeNumber(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  return /^(?:0|[1-9][0-9]{0,8})$/.test(digits) ? Number(digits) : NaN;
}

function isKeptAlive(connection: string | undefined): boolean {
  return connection === undefined || connection.toLowerCase() === 'keep-alive';
}
