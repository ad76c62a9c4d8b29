import { serialize } from 'node:v8';
import { explanationMethodVerbs, type GrpcMethodName, grpcMethods } from '@manara/contract';
import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Target } from '../access/gate';
import type { Caller } from '../call';
import type { ServerContext } from '../context';
import { errors, ServingError } from '../errors';
import {
  modelConfig,
  modelMetadata,
  readableBy,
  repositoryIndex,
  serverMetadata,
  statisticsOf,
} from '../views';
import { GrpcTerms } from './asked';
import { explainMessage } from './explain';
import { inferUnary, messageThrough } from './infer-call';
import type { ModelInferRequest, ModelRef, RepositoryRequest } from './messages';
import { endingOf } from './status';
import { type InferStream, StreamedInference } from './stream';
import { repeatable, type UnaryCall, UnaryOfLibrary } from './unary';

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
        call,
        { name, verb: grpcMethods[name], protocol: 'grpc', target: () => target(request) },
        async (caller) => await answer(request, caller, call),
      ),
    );

  const once = (
    call: UnaryCall,
    caller: Caller,
    model: string,
    change: () => Promise<unknown>,
  ): Promise<unknown> =>
    repeatable(context, call, new GrpcTerms(call, caller, call.left), () => [model], change);

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
        await once(call, caller, model, () => control.load(model));
        return {};
      },
    ),
    RepositoryModelUnload: unary(
      'RepositoryModelUnload',
      ofRepository,
      async ({ model_name: model }, caller, call) => {
        await once(call, caller, model, () => control.unload(model));
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
  return unaryHandler(context, (read: () => ModelInferRequest, call) =>
    inferUnary(context, call, read),
  );
}

/** Explanations, which the protocol has no method for. */
export function explanationHandlers(
  context: ServerContext,
): Readonly<Record<keyof typeof explanationMethodVerbs, UntypedHandleCall>> {
  const action = { name: 'ModelExplain', verb: explanationMethodVerbs.ModelExplain };
  return {
    ModelExplain: unaryHandler(context, (read: () => ModelInferRequest, call) =>
      messageThrough(context, action, call, read, (decode, terms) =>
        repeatable(
          context,
          call,
          terms,
          () => [serialize(decode())],
          (say) => explainMessage(context, decode, terms, say),
        ),
      ),
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

type Answer<Request> = (request: Request, caller: Caller, call: UnaryCall) => unknown;

function unaryHandler<Request>(
  context: ServerContext,
  answer: (request: Request, call: UnaryCall) => unknown,
): handleUnaryCall<Request, unknown> {
  return (call: ServerUnaryCall<Request, unknown>, reply: sendUnaryData<unknown>) => {
    Promise.resolve()
      .then(() => answer(call.request, new UnaryOfLibrary(call)))
      .then(
        (value) => {
          reply(null, value);
        },
        (thrown: unknown) => {
          reply(endingOf(context, thrown));
        },
      );
  };
}
