import { HpackDecoder } from './hpack/decoder';
import type { Field } from './hpack/static-table';
import { type RequestHeaders, requestHeaders, type tooLong } from './request-head';

/** A head that was decoded. */
export class DecodedHead {
  private read: { readonly headers: ReturnType<typeof requestHeaders> } | undefined;

  constructor(readonly fields: readonly Field[]) {}

  /** As a request's; `undefined` where it is none. */
  get request(): RequestHeaders | typeof tooLong | undefined {
    this.read ??= { headers: requestHeaders(this.fields) };
    return this.read.headers;
  }
}

/** Bytes of a head, packed, that each connection may hold on to: those of a token are among them. */
const maxRememberedBytes = 4096;

/**
 * The heads of one connection. Most clients say the same for every call: the same bytes, which mean the same
 * for as long as nothing was added to the table of fields, are not decoded again.
 */
export class HeadDecoder {
  private readonly hpack = new HpackDecoder();
  private last: { readonly bytes: Buffer; readonly head: DecodedHead } | undefined;

  /** @throws ConnectionFault COMPRESSION_ERROR, after which the connection cannot go on. */
  decode(block: Buffer): DecodedHead {
    if (this.last?.bytes.equals(block) === true) return this.last.head;
    const { changes } = this.hpack;
    const head = new DecodedHead(this.hpack.decode(block));
    // The block lies in memory that is used again.
    const lasts = this.hpack.changes === changes && block.length <= maxRememberedBytes;
    this.last = lasts ? { bytes: Buffer.from(block), head } : undefined;
    return head;
  }
}
