import type { Socket } from 'node:net';
import { routes } from '@manara/contract';
import type { Action } from '../../access/gate';
import type { Caller } from '../../call';
import { ServingError } from '../../errors';
import { answerInference, beginInference, type InferAnswer, type InferRouteParts } from '../infer';
import type { OpenRequests } from '../open-requests';
import { HttpTerms } from '../terms';
import { lengthOf } from '../reply';
import { PlainConnection, type PlainHost, type PlainInference } from './connection';
import type { PlainHead } from './head';
import { answered, refused } from './reply';
import { PlainRequest } from './request';

/** Bodies up to this size are plain: JSON of it is read on the I/O thread. */
export const maxPlainBytes = 256 * 1024;

export interface PlainParts extends InferRouteParts {
  readonly open: OpenRequests;
  /** Gives a connection to node:http. */
  readonly handOver: (socket: Socket) => void;
}

/**
 * Reads connections for as long as plain inferences are all that comes over them. The first thing that
 * is anything else goes to node:http as it came, and the connection with it, for good.
 */
export class PlainFrontEnd implements PlainHost {
  readonly maxBodyBytes: number;
  now = 0;
  private readonly connections = new Set<PlainConnection>();
  private readonly clock: NodeJS.Timeout;

  constructor(private readonly parts: PlainParts) {
    this.maxBodyBytes = Math.min(maxPlainBytes, parts.context.maxRequestBytes);
    this.clock = setInterval(() => {
      this.now++;
      for (const connection of this.connections) connection.checkTime();
    }, 1000).unref();
  }

  get isDraining(): boolean {
    return this.parts.context.isDraining();
  }

  /** Reads a connection. To be called as it opens. */
  accept(socket: Socket): void {
    this.connections.add(new PlainConnection(socket, this));
  }

  /** Cuts every connection. */
  close(): void {
    clearInterval(this.clock);
    for (const { socket } of this.connections) socket.destroy();
  }

  begin(head: PlainHead, socket: Socket): PlainInference {
    const request = new PlainRequest(head, socket, this.parts.context.bodies.hold());
    this.parts.open.began();
    return { request, call: beginInference(this.parts, head, request) };
  }

  async answer(
    inference: PlainInference,
    body: Buffer<ArrayBuffer>,
    connection: PlainConnection,
  ): Promise<void> {
    const { request, call } = inference;
    try {
      const action = actionOf(request.head);
      const answer = await this.parts.context.gate.through(request, action, (caller) =>
        this.infer(inference, body, caller),
      );
      connection.reply(answered(answer));
    } catch (thrown) {
      // What is refused has been told of: by the gate, or below.
      connection.reply(refused(thrown instanceof ServingError ? thrown : call.failed(thrown)));
    }
  }

  finish(): void {
    this.parts.open.ended();
  }

  forget(connection: PlainConnection): void {
    this.connections.delete(connection);
  }

  handOver({ socket }: PlainConnection): void {
    this.parts.handOver(socket);
  }

  /** @throws ServingError which was told of */
  private async infer(
    { request, call }: PlainInference,
    body: Buffer<ArrayBuffer>,
    caller: Caller,
  ): Promise<InferAnswer> {
    const { head, left, held } = request;
    try {
      const terms = new HttpTerms(request, caller, left);
      const asked = { call, parameters: head, terms };
      const answer = await answerInference(this.parts, asked, body, head.jsonLength);
      held.take(lengthOf(answer.parts));
      return answer;
    } catch (thrown) {
      throw call.failed(thrown);
    }
  }
}

function actionOf(head: PlainHead): Action {
  const name = head.version === undefined ? 'modelInfer' : 'modelVersionInfer';
  return { name, verb: routes[name].verb, protocol: 'http', target: () => head };
}
