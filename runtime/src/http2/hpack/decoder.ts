import { ConnectionFault, errorCode } from '../fault';
import { HeaderTable } from './header-table';
import { decodeHuffman } from './huffman';
import type { Field } from './static-table';

/** Size of the table of fields where nothing else was agreed on. We leave it so. */
const tableBytes = 4096;

/** Decodes heads. Source: RFC 7541. */
export class HpackDecoder {
  private readonly table = new HeaderTable(tableBytes);
  private block: Buffer = Buffer.alloc(0);
  private at = 0;

  /** How often the table was changed: the same bytes mean the same until it is. */
  get changes(): number {
    return this.table.changes;
  }

  /**
   * @param block - all of a head.
   * @throws ConnectionFault COMPRESSION_ERROR, after which the connection cannot go on.
   */
  decode(block: Buffer): readonly Field[] {
    this.block = block;
    this.at = 0;
    const fields: Field[] = [];
    while (this.at < block.length) {
      const first = block[this.at] ?? 0;
      if (first >= 0x80) {
        fields.push(this.known(this.integer(7)));
      } else if (first >= 0x40) {
        const field = this.literal(6);
        this.table.add(field);
        fields.push(field);
      } else if (first >= 0x20) {
        if (fields.length > 0) throw fault('the size of the table changes within a head');
        this.resize(this.integer(5));
      } else {
        fields.push(this.literal(4));
      }
    }
    return fields;
  }

  private resize(bytes: number): void {
    if (bytes > this.table.greatest) throw fault('a table that is larger than was agreed on');
    this.table.resize(bytes);
  }

  private literal(prefixBits: number): Field {
    const index = this.integer(prefixBits);
    const name = index === 0 ? this.text() : this.known(index)[0];
    return [name, this.text()];
  }

  private known(index: number): Field {
    const field = this.table.at(index);
    if (field === undefined) throw fault(`there is no field ${index}`);
    return field;
  }

  private text(): string {
    const isPacked = (this.block[this.at] ?? 0) >= 0x80;
    const length = this.integer(7);
    const end = this.at + length;
    if (end > this.block.length) throw fault('a text that does not end');
    const bytes = this.block.subarray(this.at, end);
    this.at = end;
    if (!isPacked) return bytes.toString('latin1', 0, length);
    const scratch = scratchOf(Math.ceil((length * 8) / 5));
    return scratch.toString('latin1', 0, decodeHuffman(bytes, scratch));
  }

  /** Source: RFC 7541, section 5.1. */
  private integer(prefixBits: number): number {
    const greatest = (1 << prefixBits) - 1;
    let value = this.byte() & greatest;
    if (value < greatest) return value;
    // Four bytes more say more than any number here may be.
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw fault('a number that is too large');
  }

  private byte(): number {
    const byte = this.block[this.at++];
    if (byte === undefined) throw fault('a head that does not end');
    return byte;
  }
}

let scratchBytes: Buffer = Buffer.alloc(1024);

/** Memory for a text, used for one after the other. */
function scratchOf(bytes: number): Buffer {
  if (scratchBytes.length < bytes) scratchBytes = Buffer.alloc(bytes);
  return scratchBytes;
}

function fault(message: string): ConnectionFault {
  return new ConnectionFault(errorCode.compression, message);
}
