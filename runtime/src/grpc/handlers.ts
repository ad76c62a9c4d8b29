import type { EventEmitter } from 'node:events';
import { serialize } from 'node:v8';
import {
  explanationMethodVerbs,
  type GrpcMethodName,
  grpcMethods,
  headers,
} from '@manara/contract';
import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import type { Action, Target } from '../access/gate';
import { type Caller, CallerLeft, type LeaveSignal } from '../call';
import type { ServerContext } from '../context';
import { errors, ServingError } from '../errors';
import type { Fingerprinted } from '../idempotency/guard';
import type { AnswerHeaders } from '../infer';
import {
  modelConfig,
  modelMetadata,
  readableBy,
  repositoryIndex,
  serverMetadata,
  statisticsOf,
} from '../views';
import { GrpcApproach } from './approach';
import { explainMessage } from './explain';
import { inferMessage, inferTarget } from './infer';
import type { ModelInferRequest, ModelRef, RepositoryRequest } from './messages';
import { type Refused, refusedCall } from './status';
import { type InferStream, StreamedInference } from './stream';
import { GrpcTerms } from './terms';

/** One handler for each method of the service. */
export function serviceHandlers(
  context: ServerContext,
  streams: Set<StreamedInference>,
): Readonly<Record<GrpcMethodName, UntypedHandleCall>> {
  const { repository, control } = context;
  const unary = <Request>(
    name: GrpcMethodName,
    target: (request: Request) => Target,
    answer: Answer<Request>,
  ): handleUnaryCall<Request, unknown> =>
    unaryHandler(context, (request, call) =>
      context.gate.through(
        new GrpcApproach(call),
        { name, verb: grpcMethods[name], protocol: 'grpc', target: () => target(request) },
        async (caller) => await answer(request, caller, call),
      ),
    );

  return {
    ServerLive: unary('ServerLive', nothing, () => ({ live: true })),
    ServerReady: unary('ServerReady', nothing, () => ({ ready: context.isReady() })),
    ModelReady: unary('ModelReady', ofModel, ({ name, version }) => ({
      ready: isReady(context, name, version),
    })),
    ServerMetadata: unary('ServerMetadata', nothing, () => serverMetadata),
    ModelMetadata: unary('ModelMetadata', ofModel, ({ name, version }, caller) =>
      modelMetadata(
        repository.find(name, version),
        repository.readyVersions(name),
        readableBy(caller),
      ),
    ),
    ModelConfig: unary('ModelConfig', ofModel, ({ name, version }) => ({
      config: modelConfig(repository.find(name, version)),
    })),
    ModelStatistics: unary('ModelStatistics', ofModel, ({ name, version }, caller) => ({
      model_stats: statisticsOf(repository, readableBy(caller), name, version),
    })),
    ModelInfer: inferHandler(context),
    ModelStreamInfer: (stream: InferStream) => {
      const streamed = new StreamedInference(context, stream);
      streams.add(streamed);
      stream.once('close', () => streams.delete(streamed));
      stream.once('finish', () => streams.delete(streamed));
    },
    RepositoryIndex: unary(
      'RepositoryIndex',
      nothing,
      async ({ ready }: { readonly ready: boolean }, caller) => ({
        models: await repositoryIndex(repository, readableBy(caller), ready),
      }),
    ),
    RepositoryModelLoad: unary(
      'RepositoryModelLoad',
      ofRepository,
      async ({ model_name: model, parameters }, caller, call) => {
        const [name] = Object.keys(parameters);
        if (name !== undefined) {
          const advice = 'models are loaded as they stand in the repository';
          throw errors.parameterUnsupported(name, advice);
        }
        await repeatable(
          context,
          call,
          caller,
          () => [model],
          () => control.load(model),
        );
        return {};
      },
    ),
    RepositoryModelUnload: unary(
      'RepositoryModelUnload',
      ofRepository,
      async ({ model_name: model }, caller, call) => {
        await repeatable(
          context,
          call,
          caller,
          () => [model],
          () => control.unload(model),
        );
        return {};
      },
    ),
  };
}

function nothing(): Target {
  return {};
}

function ofModel({ name, version }: ModelRef): Target {
  return { model: name, version };
}

function ofRepository({ model_name: model }: RepositoryRequest): Target {
  return { model };
}

function inferHandler(context: ServerContext): handleUnaryCall<() => ModelInferRequest, unknown> {
  const action = { name: 'ModelInfer', verb: grpcMethods.ModelInfer };
  return decodingHandler(context, action, (decode, { caller }, call) =>
    repeatable(
      context,
      call,
      caller,
      () => [serialize(decode())],
      (terms, say) => inferMessage(context, decode, terms, say),
    ),
  );
}

/** Explanations, which the protocol has no method for. */
export function explanationHandlers(
  context: ServerContext,
): Readonly<Record<keyof typeof explanationMethodVerbs, UntypedHandleCall>> {
  const action = { name: 'ModelExplain', verb: explanationMethodVerbs.ModelExplain };
  return {
    ModelExplain: decodingHandler(context, action, (decode, terms) =>
      explainMessage(context, decode, terms),
    ),
  };
}

/** Handles a call whose message is decoded only once it is known who sent it. */
function decodingHandler(
  context: ServerContext,
  { name, verb }: Pick<Action, 'name' | 'verb'>,
  answer: (
    decode: () => ModelInferRequest,
    terms: GrpcTerms,
    call: ServerUnaryCall<() => ModelInferRequest, unknown>,
  ) => Promise<unknown>,
): handleUnaryCall<() => ModelInferRequest, unknown> {
  return unaryHandler(context, (read: () => ModelInferRequest, call) => {
    let message: ModelInferRequest | undefined;
    const decode = (): ModelInferRequest => (message ??= read());
    const target = (): Target => inferTarget(decode());
    const action: Action = { name, verb, protocol: 'grpc', target };
    return context.gate.through(new GrpcApproach(call), action, (caller) =>
      answer(decode, new GrpcTerms(call, caller, callerLeft(call)), call),
    );
  });
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
  caller: Caller,
  fingerprint: () => Fingerprinted,
  act: (terms: GrpcTerms, say: (headers: AnswerHeaders) => void) => Promise<T>,
): Promise<T> {
  const terms = new GrpcTerms(call, caller, callerLeft(call));
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

type Answer<Request> = (
  request: Request,
  caller: Caller,
  call: ServerUnaryCall<Request, unknown>,
) => unknown;

function callerLeft(call: EventEmitter): LeaveSignal {
  const left = new CallerLeft();
  call.once('cancelled', () => {
    left.abort();
  });
  return left;
}

function unaryHandler<Request>(
  context: ServerContext,
  answer: (request: Request, call: ServerUnaryCall<Request, unknown>) => unknown,
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
): Pick<Refused, 'code' | 'details'> & Partial<Refused> {
  if (thrown instanceof ServingError) return refusedCall(thrown);
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  log.write('error', 'internal_error', detail);
  const { grpcStatus, message } = errors.internal();
  return { code: status[grpcStatus], details: message };
}
