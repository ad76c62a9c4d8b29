import { grpcMethods } from '@manara/contract';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Action } from '../access/gate';
import { CallerLeft } from '../call';
import type { ServerContext } from '../context';
import { asServingError } from '../errors';
import { AskedOfLibrary, GrpcTerms } from './asked';
import type { AnswerHeaders } from '../infer';
import { inferMessage, inferTarget } from './infer';
import type { ModelInferRequest, ModelInferResponse, StreamInferResponse } from './messages';

export type InferStream = ServerDuplexStream<() => ModelInferRequest, StreamInferResponse>;

/** Requests of one stream that may be under way at once; beyond, the caller is made to wait. */
const maxUnderWay = 64;

/** `ModelStreamInfer`: requests run side by side, answers come in the order of the requests. */
export class StreamedInference {
  private underWay = 0;
  private lastWritten: Promise<void> = Promise.resolve();
  private ended = false;
  private readonly callerLeft = new CallerLeft();

  constructor(
    private readonly context: ServerContext,
    private readonly stream: InferStream,
  ) {
    stream.on('data', (read: () => ModelInferRequest) => {
      this.take(read);
    });
    stream.on('end', () => {
      this.finish();
    });
    stream.on('error', () => {
      this.ended = true;
    });
    stream.once('cancelled', () => {
      this.ended = true;
      this.callerLeft.abort();
    });
  }

  /** Answers what came in, then ends the stream. */
  finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.stream.pause();
    void this.lastWritten.then(() => {
      this.stream.end();
    });
  }

  /** Each request passes the gate: what the stream was opened with may expire while it lasts. */
  private async infer(
    decode: () => ModelInferRequest,
    say: (headers: AnswerHeaders) => void,
  ): Promise<ModelInferResponse> {
    const { context, stream, callerLeft } = this;
    const action: Action = {
      name: 'ModelStreamInfer',
      verb: grpcMethods.ModelStreamInfer,
      protocol: 'grpc',
      target: () => inferTarget(decode()),
    };
    const asked = new AskedOfLibrary(stream);
    return context.gate.through(asked, action, (caller) =>
      inferMessage(context, decode, new GrpcTerms(asked, caller, callerLeft), say),
    );
  }

  private take(read: () => ModelInferRequest): void {
    if (++this.underWay >= maxUnderWay) this.stream.pause();
    let message: ModelInferRequest | undefined;
    let headers: AnswerHeaders = {};
    const decode = (): ModelInferRequest => (message ??= read());
    const answer = this.infer(decode, (said) => {
      headers = said;
    }).then(
      (response): StreamInferResponse => ({
        error_message: '',
        // One answer among several has no metadata of its own.
        infer_response: { ...response, parameters: stringParameters(headers) },
      }),
      (thrown: unknown): StreamInferResponse => ({
        error_message: asServingError(thrown).message,
        ...(message === undefined ? {} : { infer_response: refusedOf(message) }),
      }),
    );
    this.lastWritten = Promise.all([answer, this.lastWritten]).then(([reply]) => {
      // Under way until the caller has taken it: one that does not read is made to wait.
      this.stream.write(reply, () => {
        if (--this.underWay < maxUnderWay && !this.ended) this.stream.resume();
      });
    });
  }
}

/** Tells the caller which of its requests was refused. */
function refusedOf({ model_name, model_version, id }: ModelInferRequest): ModelInferResponse {
  return { model_name, model_version, id, outputs: [], raw_output_contents: [] };
}

function stringParameters(values: AnswerHeaders): NonNullable<ModelInferResponse['parameters']> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { string_param: value }]),
  );
}
