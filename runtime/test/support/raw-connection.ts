import { connect, type Socket } from 'node:net';

/** A TCP connection that says what its owner writes, byte for byte. */
export class RawConnection {
  /** What came back so far. */
  text = '';
  readonly closed: Promise<void>;
  private readonly socket: Socket;

  constructor(url: string) {
    const { port, hostname } = new URL(url);
    this.socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('end', () => {
        // This side stays open until its owner leaves, which must not keep a process that has ended.
        this.socket.unref();
        resolve();
      });
      this.socket.once('close', () => {
        resolve();
      });
    });
  }

  /** Resolves once the text is handed to the system. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(text, () => {
        resolve();
      });
    });
  }

  /** Ends this side only. */
  halfClose(): void {
    this.socket.end();
  }

  /** Leaves as a process that ends does: its side is closed, and nothing listens any more. */
  leave(): void {
    this.socket.destroy();
  }
}

/** A request with a JSON body. */
export function rawPost(path: string, value: unknown, version = '1.1'): string {
  const text = JSON.stringify(value);
  return `POST ${path} HTTP/${version}\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
