import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A connection that never fails its owner: whatever the other side does to it is told by its fields. */
export class Raw {
  received = 0;
  /** The beginning of what came back. */
  head = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      if (this.head.length < 4096) this.head += chunk.toString('latin1');
    });
    this.socket.on('end', () => (this.isClosed = true));
    this.socket.on('close', () => (this.isClosed = true));
  }

  send(bytes: Uint8Array | string): void {
    if (!this.isClosed && this.socket.writable) this.socket.write(bytes);
  }

  /** Status of the first answer; 0 without one. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (?!102)(\d{3})/m.exec(this.head)?.[1] ?? 0);
  }

  /** Waits for an answer, an end, or the time. */
  async settled(millis: number): Promise<void> {
    for (let waited = 0; waited < millis; waited += 5) {
      if (this.status > 0 || this.isClosed) return;
      await setTimeout(5);
    }
  }

  destroy(): void {
    this.socket.destroy();
  }
}
