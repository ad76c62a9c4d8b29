import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import type { ServerContext } from '../../context';
import { stallSeconds } from '../../limits/stalled-reader';
import { inferUnary } from '../infer-call';
import type { ModelInferRequest, ModelInferResponse } from '../messages';
import { type Ending, endingOf } from '../status';
import { PlainCall, type PlainHost } from './call';
import { frame } from './frame';
import { plainHead } from './head';
import { readPlainMessage } from './read-message';
import type { StreamHandler } from './streams';
import { writePlainAnswer } from './write-answer';

type Infer = MethodDefinition<() => ModelInferRequest, ModelInferResponse>;

/**
 * Answers inferences whose message comes whole in one frame over node:http2 itself: grpc-js, which can
 * do anything, takes twice as long for it. Every other call is grpc-js's.
 */
export class PlainGrpcFrontEnd implements PlainHost {
  readonly bodies: ServerContext['bodies'];
  readonly maxMessageBytes: number;
  private readonly method: Infer;
  private readonly calls = new Set<PlainCall>();
  private readonly watch: NodeJS.Timeout;

  /** @param library - the handler of grpc-js. */
  constructor(
    private readonly context: ServerContext,
    service: ServiceDefinition,
    private readonly library: StreamHandler,
  ) {
    this.bodies = context.bodies;
    this.maxMessageBytes = context.maxRequestBytes;
    if (service.ModelInfer === undefined) throw new Error('the service has no method ModelInfer');
    this.method = service.ModelInfer as Infer;
    this.watch = setInterval(() => {
      for (const call of this.calls) call.endIfStalled();
    }, stallSeconds * 1000).unref();
  }

  get path(): string {
    return this.method.path;
  }

  /** Takes a stream that has begun. */
  readonly accept: StreamHandler = (stream, headers, flags) => {
    const head = plainHead(this.path, headers, flags);
    if (head === undefined) this.library(stream, headers, flags);
    else this.calls.add(new PlainCall(stream, head, this));
  };

  close(): void {
    clearInterval(this.watch);
  }

  async answer(message: Buffer, call: PlainCall): Promise<Buffer> {
    const { requestDeserialize, responseSerialize } = this.method;
    const read = (): ModelInferRequest =>
      readPlainMessage(message) ?? requestDeserialize(message)();
    const answer = await inferUnary(this.context, call, read);
    return writePlainAnswer(answer) ?? frame(responseSerialize(answer));
  }

  endingOf(thrown: unknown): Ending {
    return endingOf(this.context, thrown);
  }

  handOver(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    this.library(stream, headers, 0);
  }

  forget(call: PlainCall): void {
    this.calls.delete(call);
  }
}
