import type { Socket } from 'node:net';
import { type Caller, CallerLeft, type CallTerms } from '../../call';
import type { Sender } from '../terms';
import type { PlainHead } from './head';
import { IncomingBody } from './incoming-body';

/** A plain request from its head to its answer: who sent it, its body, and whether the sender waits. */
export class PlainRequest implements CallTerms, Sender {
  readonly caller: Caller;
  readonly left = new CallerLeft();
  readonly body: IncomingBody;

  constructor(
    readonly head: PlainHead,
    readonly socket: Socket,
    callerOf: (sender: Sender) => Caller,
  ) {
    this.body = new IncomingBody(head);
    this.caller = callerOf(this);
  }

  header(name: string): string | undefined {
    return this.head.fields.get(name);
  }
}
