import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readHttpAnswer } from '../bench/peers/load/http-answer';

/** One request and what became of it. Times in milliseconds. */
export interface Outcome {
  /** From when it was due to the end of its answer. */
  readonly millis: number;
  readonly status: number;
  /** Seconds, where the answer said so. */
  readonly retryAfter: number | undefined;
}

export interface LoadResult {
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
  /** Milliseconds by which the generator itself sent late. */
  readonly lateMillis: number[];
}

/**
 * Milliseconds between looks at what is due: the generator has the server's cores, and to wake up for each
 * request would take a tenth of one.
 */
const tickMillis = 4;

/** Most connections that the generator opens; those that were refused can be used again at once. */
const maxConnections = 2000;

const retryAfterLine = /\r\nretry-after: *(\d+) *\r\n/i;

/** Connections that carry one request each at a time. */
class Connections {
  private readonly idle: Connection[] = [];
  private readonly all: Connection[] = [];

  constructor(
    private readonly port: number,
    private readonly request: Buffer,
  ) {}

  send(dueAt: number, done: (outcome: Outcome) => void): void {
    let connection = this.idle.pop();
    if (connection === undefined) {
      if (this.all.length >= maxConnections)
        throw new Error(`more than ${maxConnections} requests under way`);
      connection = new Connection(this.port);
      this.all.push(connection);
    }
    const own = connection;
    own.ask(this.request, (status, head) => {
      this.idle.push(own);
      const retryAfter = retryAfterLine.exec(head)?.[1];
      done({
        millis: performance.now() - dueAt,
        status,
        retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
      });
    });
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }
}

class Connection {
  private readonly socket: Socket;
  private received: Buffer | undefined;
  private answered: ((status: number, head: string) => void) | undefined;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.received = this.received === undefined ? chunk : Buffer.concat([this.received, chunk]);
      const answer = readHttpAnswer(this.received);
      if (answer === undefined) return;
      const head = this.received.toString('latin1', 0, answer.bodyStart);
      this.received = undefined;
      const { answered } = this;
      this.answered = undefined;
      answered?.(answer.status, head);
    });
    const lost = (): void => {
      // Told as a status of its own: nothing may cut a connection here.
      this.answered?.(0, '');
      this.answered = undefined;
    };
    this.socket.on('error', lost);
    this.socket.on('close', lost);
  }

  ask(request: Buffer, answered: (status: number, head: string) => void): void {
    this.answered = answered;
    this.socket.write(request);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** So many requests at any time, each sent as one is answered. */
export async function closedLoop(
  port: number,
  request: Buffer,
  load: { readonly concurrency: number; readonly seconds: number },
): Promise<LoadResult> {
  const connections = new Connections(port, request);
  const outcomes: Outcome[] = [];
  const begun = performance.now();
  const end = begun + load.seconds * 1000;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const outcome = await new Promise<Outcome>((resolve) => {
        connections.send(performance.now(), resolve);
      });
      outcomes.push(outcome);
      // Asking again at once would make this a load of refusals.
      if (outcome.status !== 200) await pause(20);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, one));
  connections.close();
  return { outcomes, seconds: (performance.now() - begun) / 1000, lateMillis: [] };
}

/**
 * Requests that come at a fixed rate, whatever becomes of those before them. Each is timed from when it
 * was due, so that a generator that is held up does not make the server look faster.
 */
export async function openLoop(
  port: number,
  request: Buffer,
  load: { readonly perSecond: number; readonly seconds: number },
): Promise<LoadResult> {
  const connections = new Connections(port, request);
  const outcomes: Outcome[] = [];
  const lateMillis: number[] = [];
  const count = Math.round(load.perSecond * load.seconds);
  const begun = performance.now();
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    const done = (outcome: Outcome): void => {
      outcomes.push(outcome);
      if (outcomes.length === count) resolve();
    };
    const tick = (): void => {
      const now = performance.now();
      try {
        for (; sent < count; sent++) {
          const dueAt = begun + (sent * 1000) / load.perSecond;
          if (dueAt > now) break;
          lateMillis.push(now - dueAt);
          connections.send(dueAt, done);
        }
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (sent < count) setTimeout(tick, tickMillis);
    };
    tick();
  });
  connections.close();
  return { outcomes, seconds: (performance.now() - begun) / 1000, lateMillis };
}
