import { type Field, staticTable } from './static-table';

/** What an entry takes beside its text. Source: RFC 7541, section 4.1. */
const entryBytes = 32;

/** The fields that the other side said before, newest first, behind those of the static table. */
export class HeaderTable {
  private readonly newestLast: Field[] = [];
  private bytes = 0;
  private limit: number;
  private changeCount = 0;

  /** @param greatest - in bytes, as it was agreed on. */
  constructor(readonly greatest: number) {
    this.limit = greatest;
  }

  /** How often it was changed: what a head says depends on it. */
  get changes(): number {
    return this.changeCount;
  }

  /** The field of a number, from 1 on. */
  at(index: number): Field | undefined {
    if (index <= staticTable.length) return staticTable[index - 1];
    return this.newestLast[this.newestLast.length - (index - staticTable.length)];
  }

  add(field: Field): void {
    this.bytes += sizeOf(field);
    this.newestLast.push(field);
    this.changeCount++;
    this.evict();
  }

  /** @param limit - at most the greatest. */
  resize(limit: number): void {
    this.limit = limit;
    this.changeCount++;
    this.evict();
  }

  private evict(): void {
    let gone = 0;
    while (this.bytes > this.limit) this.bytes -= sizeOf(this.newestLast[gone++]);
    if (gone > 0) this.newestLast.splice(0, gone);
  }
}

function sizeOf([name, value]: Field = ['', '']): number {
  return name.length + value.length + entryBytes;
}
