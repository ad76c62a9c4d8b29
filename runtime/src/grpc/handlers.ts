import type { EventEmitter } from 'node:events';
import { serialize } from 'node:v8';
import { headers } from '@manara/contract';
import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import { anonymous, CallerLeft, type LeaveSignal } from '../call';
import type { ServerContext } from '../context';
import { errors, ServingError } from '../errors';
import type { Fingerprinted } from '../idempotency/guard';
import type { AnswerHeaders } from '../infer';
import {
  modelConfig,
  modelMetadata,
  repositoryIndex,
  serverMetadata,
  statisticsOf,
} from '../views';
import { explainMessage } from './explain';
import { inferMessage } from './infer';
import type { ModelInferRequest, ModelRef, RepositoryRequest } from './messages';
import { type InferStream, StreamedInference } from './stream';
import { GrpcTerms } from './terms';

/** One handler for each method of the service. */
export function serviceHandlers(
  context: ServerContext,
  streams: Set<StreamedInference>,
): UntypedServiceImplementation {
  const { repository, control } = context;
  const unary = <Request>(answer: Answer<Request>): handleUnaryCall<Request, unknown> =>
    unaryHandler(context, answer);

  return {
    ServerLive: unary(() => ({ live: true })),
    ServerReady: unary(() => ({ ready: context.isReady() })),
    ModelReady: unary(({ name, version }: ModelRef) => ({
      ready: isReady(context, name, version),
    })),
    ServerMetadata: unary(() => serverMetadata),
    ModelMetadata: unary(({ name, version }: ModelRef) =>
      modelMetadata(repository.find(name, version), repository.readyVersions(name)),
    ),
    ModelConfig: unary(({ name, version }: ModelRef) => ({
      config: modelConfig(repository.find(name, version)),
    })),
    ModelStatistics: unary(({ name, version }: ModelRef) => ({
      model_stats: statisticsOf(repository, name, version),
    })),
    ModelInfer: unary((read: () => ModelInferRequest, call) =>
      repeatable(
        context,
        call,
        () => [serialize(read())],
        async (terms, say) => inferMessage(context, read, terms, say),
      ),
    ),
    ModelStreamInfer: (stream: InferStream) => {
      const streamed = new StreamedInference(context, stream);
      streams.add(streamed);
      stream.once('close', () => streams.delete(streamed));
      stream.once('finish', () => streams.delete(streamed));
    },
    RepositoryIndex: unary(async ({ ready }: { readonly ready: boolean }) => ({
      models: await repositoryIndex(repository, ready),
    })),
    RepositoryModelLoad: unary(
      async ({ model_name: model, parameters }: RepositoryRequest, call) => {
        const [name] = Object.keys(parameters);
        if (name !== undefined) {
          const advice = 'models are loaded as they stand in the repository';
          throw errors.parameterUnsupported(name, advice);
        }
        await repeatable(
          context,
          call,
          () => [model],
          () => control.load(model),
        );
        return {};
      },
    ),
    RepositoryModelUnload: unary(async ({ model_name: model }: RepositoryRequest, call) => {
      await repeatable(
        context,
        call,
        () => [model],
        () => control.unload(model),
      );
      return {};
    }),
  };
}

/** Explanations, which the protocol has no method for. */
export function explanationHandlers(context: ServerContext): UntypedServiceImplementation {
  return {
    ModelExplain: unaryHandler(context, (read: () => ModelInferRequest, call) =>
      explainMessage(context, read, new GrpcTerms(call, anonymous, callerLeft(call))),
    ),
  };
}

/** The standard health check: the server as a whole under '' and under the service's name. */
export function healthHandlers(
  context: ServerContext,
  serviceName: string,
): UntypedServiceImplementation {
  return {
    Check: unaryHandler(context, ({ service }: { readonly service: string }) => {
      // As the health protocol has it for Check; its SERVICE_UNKNOWN belongs to Watch.
      if (service !== '' && service !== serviceName) {
        throw errors.serviceUnknown(service, serviceName);
      }
      return { status: context.isReady() ? 'SERVING' : 'NOT_SERVING' };
    }),
  };
}

function isReady({ repository }: ServerContext, name: string, version: string): boolean {
  try {
    repository.find(name, version);
    return true;
  } catch (error) {
    // As Triton does, a model that is not there is not ready; only a malformed question is an error.
    const notReady: readonly string[] = ['UNAVAILABLE', 'NOT_FOUND'];
    if (error instanceof ServingError && notReady.includes(error.grpcStatus)) return false;
    throw error;
  }
}

/**
 * Answers a call that may be made twice: with what the first of the same key was answered. What is said
 * beside the answer goes out, and is kept, with it.
 */
async function repeatable<T>(
  { idempotency }: ServerContext,
  call: ServerUnaryCall<unknown, unknown>,
  fingerprint: () => Fingerprinted,
  act: (terms: GrpcTerms, say: (headers: AnswerHeaders) => void) => Promise<T>,
): Promise<T> {
  const terms = new GrpcTerms(call, anonymous, callerLeft(call));
  const { value, isReplay } = await idempotency.run(
    terms,
    () => [call.getPath(), ...fingerprint()],
    async () => {
      let said: AnswerHeaders = {};
      const answer = await act(terms, (headers) => {
        said = headers;
      });
      return { answer, said };
    },
  );
  const replayed = isReplay ? { [headers.idempotencyReplayed]: 'true' } : {};
  const said = { ...value.said, ...replayed };
  if (Object.keys(said).length > 0) call.sendMetadata(Metadata.fromHttp2Headers(said));
  return value.answer;
}

type Answer<Request> = (request: Request, call: ServerUnaryCall<Request, unknown>) => unknown;

function callerLeft(call: EventEmitter): LeaveSignal {
  const left = new CallerLeft();
  call.once('cancelled', () => {
    left.abort();
  });
  return left;
}

function unaryHandler<Request>(
  context: ServerContext,
  answer: Answer<Request>,
): handleUnaryCall<Request, unknown> {
  return (call: ServerUnaryCall<Request, unknown>, reply: sendUnaryData<unknown>) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (value) => {
          reply(null, value);
        },
        (thrown: unknown) => {
          reply(statusOf(context, thrown));
        },
      );
  };
}

function statusOf(
  { log }: ServerContext,
  thrown: unknown,
): { readonly code: status; readonly details: string; readonly metadata?: Metadata } {
  if (thrown instanceof ServingError) {
    return { code: status[thrown.grpcStatus], details: thrown.message, ...retryAfter(thrown) };
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  log.write('error', 'internal_error', detail);
  const { grpcStatus, message } = errors.internal();
  return { code: status[grpcStatus], details: message };
}

/** When to come again, as REST says it and as gRPC's retry policy reads it. */
function retryAfter({ retryAfterSeconds: seconds }: ServingError): {
  readonly metadata?: Metadata;
} {
  if (seconds === undefined) return {};
  const metadata = new Metadata();
  metadata.set('retry-after', String(seconds));
  metadata.set('grpc-retry-pushback-ms', String(seconds * 1000));
  return { metadata };
}
