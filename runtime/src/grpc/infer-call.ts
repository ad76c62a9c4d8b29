import { serialize } from 'node:v8';
import { grpcMethods } from '@manara/contract';
import type { Action } from '../access/gate';
import type { ServerContext } from '../context';
import { GrpcTerms } from './asked';
import { inferMessage, inferTarget } from './infer';
import type { ModelInferRequest, ModelInferResponse } from './messages';
import { repeatable, type UnaryCall } from './unary';

const inferAction = { name: 'ModelInfer', verb: grpcMethods.ModelInfer };

/**
 * Answers a unary inference, whoever read it.
 *
 * @param read - decodes its message.
 * @throws ServingError, or rejects with it
 */
export function inferUnary(
  context: ServerContext,
  call: UnaryCall,
  read: () => ModelInferRequest,
): Promise<ModelInferResponse> {
  return messageThrough(context, inferAction, call, read, (decode, terms) =>
    repeatable(
      context,
      call,
      terms,
      () => [serialize(decode())],
      (say) => inferMessage(context, decode, terms, say),
    ),
  );
}

/** Has a call through the gate whose message is decoded only once it is known who sent it. */
export function messageThrough<T>(
  context: ServerContext,
  { name, verb }: Pick<Action, 'name' | 'verb'>,
  call: UnaryCall,
  read: () => ModelInferRequest,
  answer: (decode: () => ModelInferRequest, terms: GrpcTerms) => Promise<T>,
): Promise<T> {
  let message: ModelInferRequest | undefined;
  const decode = (): ModelInferRequest => (message ??= read());
  const target = (): ReturnType<typeof inferTarget> => inferTarget(decode());
  return context.gate.through(call, { name, verb, protocol: 'grpc', target }, (caller) =>
    answer(decode, new GrpcTerms(call, caller, call.left)),
  );
}
