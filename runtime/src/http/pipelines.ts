import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CallerLeft, type LeaveSignal } from '../call';
import { probeHalfClosed } from './half-closed';
import type { OpenRequests } from './open-requests';

interface Open {
  readonly response: ServerResponse;
  readonly left: CallerLeft;
}

/**
 * The requests on the connections of node:http, and whether their callers still wait.
 *
 * Kept per connection: in a pipeline, Node.js tells only the response at the head that its connection
 * is gone.
 */
export class Pipelines {
  private readonly connections = new Map<Socket, Set<Open>>();
  private readonly opened = new WeakSet<Socket>();

  constructor(private readonly open: OpenRequests) {}

  /** Follows a connection. To be called as it opens. */
  connected(socket: Socket): void {
    this.opened.add(socket);
    socket.once('close', () => {
      for (const open of this.connections.get(socket) ?? []) this.end(socket, open, true);
    });
    socket.once('end', () => {
      probeHalfClosed(socket, () => {
        const head = this.head(socket);
        if (head !== undefined && !head.headersSent && head.req.httpVersionMinor > 0) {
          head.writeProcessing();
        }
      });
    });
  }

  /** Whether a connection ever opened: one whose handshake failed did not. */
  knows(socket: Socket): boolean {
    return this.opened.has(socket);
  }

  /** Notes a request. @returns a signal that is aborted once nobody waits for its answer */
  add({ socket }: IncomingMessage, response: ServerResponse): LeaveSignal {
    const open = { response, left: new CallerLeft() };
    // A connection that is closed already will not say so again.
    if (socket.destroyed) {
      open.left.abort();
      return open.left;
    }
    const others = this.connections.get(socket) ?? new Set();
    others.add(open);
    this.connections.set(socket, others);
    this.open.began();
    response.once('close', () => {
      this.end(socket, open, !response.writableFinished);
    });
    return open.left;
  }

  /** The response that goes out next on a connection, if a request on it waits. */
  head(socket: Socket): ServerResponse | undefined {
    const [first] = this.connections.get(socket) ?? [];
    return first?.response;
  }

  private end(socket: Socket, open: Open, hasLeft: boolean): void {
    const others = this.connections.get(socket);
    if (others?.delete(open) !== true) return;
    if (others.size === 0) this.connections.delete(socket);
    if (hasLeft) open.left.abort();
    this.open.ended();
  }
}
