import { broken } from './fault';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** What a client of HTTP/2 begins with. */
export class Preface {
  private read = 0;

  /** @returns what of a chunk follows it. @throws ConnectionFault where something else comes */
  strip(chunk: Buffer): Buffer {
    if (this.read === preface.length) return chunk;
    const length = Math.min(chunk.length, preface.length - this.read);
    const expected = preface.subarray(this.read, this.read + length);
    if (!expected.equals(chunk.subarray(0, length))) broken('it does not speak HTTP/2');
    this.read += length;
    return chunk.subarray(length);
  }
}
