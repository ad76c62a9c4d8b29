import type { ServiceDefinition } from '@grpc/grpc-js';
import type { ServerContext } from '../../context';
import { inferUnary } from '../infer-call';
import type { ModelInferRequest, ModelInferResponse } from '../messages';
import { endingOf } from '../status';
import { PlainCall, type PlainParts } from './call';
import { plainHead } from './head';
import type { StreamHandler } from './streams';

/** Answers plain inferences, and leaves every other call to grpc-js. */
export function plainInferences(
  context: ServerContext,
  service: ServiceDefinition,
): (library: StreamHandler) => StreamHandler {
  const method = service.ModelInfer;
  if (method === undefined) throw new Error('the service definition has no method ModelInfer');
  const { path, requestDeserialize, responseSerialize } = method;
  const parts: Omit<PlainParts, 'handOver'> = {
    path,
    bodies: context.bodies,
    maxMessageBytes: context.maxRequestBytes,
    answer: async (message, call) => {
      const read = requestDeserialize(message) as () => ModelInferRequest;
      const answer: ModelInferResponse = await inferUnary(context, call, read);
      return responseSerialize(answer);
    },
    endingOf: (thrown) => endingOf(context, thrown),
  };
  return (library) => (stream, headers, flags) => {
    const head = plainHead(path, headers, flags);
    const handOver = (): void => {
      library(stream, headers, flags);
    };
    if (head === undefined) handOver();
    else new PlainCall(stream, head, { ...parts, handOver });
  };
}
