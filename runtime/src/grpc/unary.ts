import { headers } from '@manara/contract';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { type CallTerms, CallerLeft, type LeaveSignal } from '../call';
import type { ServerContext } from '../context';
import type { Fingerprinted } from '../idempotency/guard';
import type { AnswerHeaders } from '../infer';
import { type Asked, AskedOfLibrary } from './asked';

/** A call with one message and one answer, whoever read it. */
export interface UnaryCall extends Asked {
  /** Of the method, `/package.Service/Method`. */
  readonly path: string;
  readonly left: LeaveSignal;
  /** Has metadata sent with the answer. */
  say(headers: AnswerHeaders): void;
}

/** A unary call that grpc-js read. */
export class UnaryOfLibrary extends AskedOfLibrary implements UnaryCall {
  readonly left = new CallerLeft();

  constructor(private readonly unary: ServerUnaryCall<unknown, unknown>) {
    super(unary);
    unary.once('cancelled', () => {
      this.left.abort();
    });
  }

  get path(): string {
    return this.unary.getPath();
  }

  say(said: AnswerHeaders): void {
    this.unary.sendMetadata(Metadata.fromHttp2Headers(said));
  }
}

/**
 * Answers a call that may be made twice: with what the first of the same key was answered. What is said
 * beside the answer goes out, and is kept, with it.
 */
export async function repeatable<T>(
  { idempotency }: ServerContext,
  call: UnaryCall,
  terms: CallTerms,
  fingerprint: () => Fingerprinted,
  act: (say: (headers: AnswerHeaders) => void) => Promise<T>,
): Promise<T> {
  const { value, isReplay } = await idempotency.run(
    terms,
    () => [call.path, ...fingerprint()],
    async () => {
      let said: AnswerHeaders | undefined;
      const answer = await act((headers) => {
        said = headers;
      });
      return { answer, said };
    },
  );
  const said = isReplay ? { ...value.said, [headers.idempotencyReplayed]: 'true' } : value.said;
  if (said !== undefined) call.say(said);
  return value.answer;
}
