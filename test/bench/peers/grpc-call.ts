import { join } from 'node:path';
import { credentials, Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { grpcService } from '@manara/contract';
import { repositoryRoot } from '../../support/paths';
import type { BenchInput, BenchModel } from './bench-model';

interface InferReply {
  readonly outputs: readonly { readonly contents: { readonly fp32_contents: number[] } | null }[];
  readonly raw_output_contents: readonly Buffer[];
}

/** ModelInfer of the Open Inference Protocol, from our own proto file. */
function modelInfer(): MethodDefinition<object, InferReply> {
  const proto = join(repositoryRoot, 'runtime', 'proto', 'grpc_service.proto');
  const loaded = loadSync(proto, { keepCase: true, arrays: true });
  const service = loaded[grpcService] as Readonly<Record<string, unknown>>;
  return service.ModelInfer as MethodDefinition<object, InferReply>;
}

/** Bytes of a ModelInferRequest with the model's row as raw contents. */
export function inferMessage(model: BenchModel): Buffer {
  return modelInfer().requestSerialize({
    model_name: model.name,
    inputs: model.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    raw_input_contents: model.inputs.map(bytesOf),
  });
}

/** Asks once, by a whole gRPC client, whose errors say more than the load generator's. */
export async function grpcValues(port: number, message: Buffer): Promise<readonly number[]> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, responseDeserialize } = modelInfer();
  try {
    const reply = await new Promise<InferReply>((resolve, reject) => {
      const done = (error: ServiceError | null, value?: InferReply) => {
        if (value === undefined) reject(error ?? new Error('no answer'));
        else resolve(value);
      };
      const same = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(path, same, responseDeserialize, message, done);
    });
    const [raw] = reply.raw_output_contents;
    if (raw === undefined) return reply.outputs[0]?.contents?.fp32_contents ?? [];
    return Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(i * 4));
  } finally {
    client.close();
  }
}

function bytesOf({ datatype, data }: BenchInput): Buffer {
  const array =
    datatype === 'FP32' ? Float32Array.from(data) : BigInt64Array.from(data.map(BigInt));
  return Buffer.from(array.buffer);
}
