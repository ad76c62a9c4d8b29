/** Seconds that a connection is given. */
const seconds = {
  /** To say that it speaks HTTP/2. */
  opening: 20,
  /** Without a byte after which it is asked whether it is there. */
  silence: 10,
  /** Without a byte after which it is not. */
  gone: 30,
  /** Without a request. Clients come back by themselves. */
  idle: 300,
  /** In which something of what waits for it must be taken. */
  stall: 30,
} as const;

/** What time asks for. */
export type Overdue = 'ask whether it is there' | 'close' | 'let go' | 'look whether it reads';

/** What a connection has done when, by a clock that counts seconds. */
export class Patience {
  private heardAt: number;
  private usedAt: number;
  private lookedAt: number;

  constructor(now: number) {
    this.heardAt = this.usedAt = this.lookedAt = now;
  }

  /** Something came. */
  heard(now: number): void {
    this.heardAt = now;
  }

  /**
   * To be asked once a second.
   *
   * @param speaks - whether it has said that it speaks HTTP/2.
   * @param isUsed - whether requests are under way.
   */
  overdue(now: number, speaks: boolean, isUsed: boolean): readonly Overdue[] {
    const silent = now - this.heardAt;
    if (silent >= seconds.gone || (!speaks && silent >= seconds.opening)) return ['close'];
    const all: Overdue[] = [];
    if (silent === seconds.silence && speaks) all.push('ask whether it is there');
    if (isUsed) this.usedAt = now;
    else if (now - this.usedAt >= seconds.idle) all.push('let go');
    if (now - this.lookedAt >= seconds.stall) {
      this.lookedAt = now;
      all.push('look whether it reads');
    }
    return all;
  }
}
