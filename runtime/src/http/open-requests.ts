import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds between looks at whether a caller that ended its side is still there. */
const probeMillis = 100;

interface Open {
  readonly response: ServerResponse;
  readonly left: AbortController;
}

/**
 * The requests that came in and are not answered yet, and whether their callers still wait.
 *
 * Counted per connection: in a pipeline, Node.js tells only the response at the head that its
 * connection is gone.
 */
export class OpenRequests {
  private readonly connections = new Map<Socket, Set<Open>>();
  private whenNone: (() => void) | undefined;

  /** Follows a connection. To be called as it opens. */
  connected(socket: Socket): void {
    socket.once('close', () => {
      const open = this.connections.get(socket);
      this.connections.delete(socket);
      for (const { left } of open ?? []) left.abort();
      this.checkNone();
    });
    socket.once('end', () => {
      this.probe(socket);
      const timer = setInterval(() => {
        this.probe(socket);
      }, probeMillis);
      socket.once('close', () => {
        clearInterval(timer);
      });
    });
  }

  /** Notes a request. @returns a signal that is aborted once nobody waits for its answer */
  add({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
    const open = { response, left: new AbortController() };
    const others = this.connections.get(socket) ?? new Set();
    others.add(open);
    // A connection that is closed already will not say so again.
    if (socket.destroyed) open.left.abort();
    else this.connections.set(socket, others);
    response.once('close', () => {
      others.delete(open);
      if (others.size === 0) this.connections.delete(socket);
      if (!response.writableFinished) open.left.abort();
      this.checkNone();
    });
    return open.left.signal;
  }

  /** The response that goes out next on a connection, if a request on it waits. */
  head(socket: Socket): ServerResponse | undefined {
    const [first] = this.connections.get(socket) ?? [];
    return first?.response;
  }

  /** Resolves once every request is answered, or its caller gone. */
  async none(): Promise<void> {
    while (this.connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.whenNone = resolve;
      });
    }
  }

  /**
   * A caller that ended its side of the connection either waits for its answer or is gone: TCP
   * says the same for both. An interim answer, which HTTP has callers pass over, makes the system
   * of one that is gone reset the connection, which the next one finds out.
   */
  private probe(socket: Socket): void {
    const head = this.head(socket);
    if (head !== undefined && !head.headersSent && head.req.httpVersionMinor > 0) {
      head.writeProcessing();
    }
  }

  private checkNone(): void {
    if (this.connections.size === 0) this.whenNone?.();
  }
}
