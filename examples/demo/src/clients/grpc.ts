import { dirname, join } from 'node:path';
import { Client, credentials, type MethodDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { grpcService } from '@manara/contract';
import {
  bytesOf,
  type FloatTensor,
  floatsOf,
  type InferenceClient,
  type Question,
} from './inference';

/** The protocol's definition, as the server's package ships it. */
export const protoFolder = join(dirname(require.resolve('@manara/runtime/package.json')), 'proto');
export const protoFile = 'grpc_service.proto';

interface InferResponse {
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly contents?: { readonly fp32Contents: readonly number[] } | null;
  }[];
  readonly rawOutputContents: readonly Buffer[];
}

/** A connection that carries both ways of writing tensors. */
export class GrpcConnection {
  readonly #client: Client;
  readonly #method = inferMethod();

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  /** Tensors in the field for their type. */
  get typed(): InferenceClient {
    return {
      protocol: 'gRPC typed',
      ask: (question) =>
        this.#infer(question, {
          inputs: [{ ...head(question), contents: { fp32Contents: [...question.input.data] } }],
        }),
    };
  }

  /** Tensors as bytes. */
  get raw(): InferenceClient {
    return {
      protocol: 'gRPC raw',
      ask: (question) =>
        this.#infer(question, {
          inputs: [head(question)],
          rawInputContents: [bytesOf(question.input.data)],
        }),
    };
  }

  close(): void {
    this.#client.close();
  }

  async #infer({ model, version, outputName }: Question, tensors: object): Promise<FloatTensor> {
    const request = {
      modelName: model,
      modelVersion: String(version),
      outputs: [{ name: outputName }],
      ...tensors,
    };
    return tensorOf(await this.#call(request), outputName);
  }

  #call(request: object): Promise<InferResponse> {
    const { path, requestSerialize, responseDeserialize } = this.#method;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        (bytes) => responseDeserialize(bytes) as InferResponse,
        request,
        (error, response) => {
          if (response !== undefined) resolve(response);
          else reject(new Error(error?.message ?? 'no answer'));
        },
      );
    });
  }
}

function head({ inputName, input }: Question): object {
  return { name: inputName, datatype: 'FP32', shape: input.shape };
}

function inferMethod(): MethodDefinition<object, object> {
  const definition = loadSync(protoFile, {
    includeDirs: [protoFolder],
    longs: Number,
    arrays: true,
  });
  const service = definition[grpcService] as ServiceDefinition;
  const method = service.ModelInfer as MethodDefinition<object, object> | undefined;
  if (method === undefined) throw new Error(`${protoFile} defines no ${grpcService}/ModelInfer`);
  return method;
}

function tensorOf({ outputs, rawOutputContents }: InferResponse, name: string): FloatTensor {
  const index = outputs.findIndex((output) => output.name === name);
  const output = outputs[index];
  if (output === undefined) throw new Error(`the answer holds no output "${name}"`);
  const raw = rawOutputContents[index];
  const data =
    raw === undefined ? Float32Array.from(output.contents?.fp32Contents ?? []) : floatsOf(raw);
  return { shape: output.shape, data };
}
