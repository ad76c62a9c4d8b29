import assert from 'node:assert/strict';
import { join } from 'node:path';
import { grpcService } from '@manara/contract';
import { credentials, loadPackageDefinition, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { floatsOf, hexOf, type HexTensor, type InferenceRequest } from '../support/inference';
import { repositoryRoot } from '../support/paths';

interface InferReply {
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: HexTensor['datatype'];
    readonly shape: readonly string[];
    readonly contents: {
      readonly fp32_contents: readonly number[];
      readonly int64_contents: readonly string[];
    } | null;
  }[];
  readonly raw_output_contents: readonly Buffer[];
}

type ModelInfer = (
  request: object,
  callback: (error: ServiceError | null, reply?: InferReply) => void,
) => void;

/** A client made from the server's own proto file. */
export class GrpcClient {
  private constructor(private readonly client: Client & { readonly ModelInfer: ModelInfer }) {}

  static connect(target: string): GrpcClient {
    const proto = join(repositoryRoot, 'runtime', 'proto', 'grpc_service.proto');
    const loaded = loadPackageDefinition(
      loadSync(proto, { keepCase: true, longs: String, arrays: true }),
    );
    const [scope = '', service = ''] = grpcService.split('.');
    const Service = (loaded[scope] as Record<string, unknown>)[service] as new (
      ...args: readonly unknown[]
    ) => Client & { readonly ModelInfer: ModelInfer };
    const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
    return new GrpcClient(new Service(target, credentials.createInsecure(), unlimited));
  }

  /** Infers with elements as typed fields of the message. */
  async typed(request: InferenceRequest): Promise<readonly HexTensor[]> {
    const inputs = request.inputs.map(({ name, datatype, shape, hex }) => {
      return { name, datatype, shape, contents: { fp32_contents: Array.from(floatsOf(hex)) } };
    });
    return answers(await this.infer(request, { inputs }));
  }

  /** Infers with elements as bytes. */
  async raw(request: InferenceRequest): Promise<readonly HexTensor[]> {
    const inputs = request.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
    const contents = request.inputs.map(({ hex }) => Buffer.from(hex, 'hex'));
    return answers(await this.infer(request, { inputs, raw_input_contents: contents }));
  }

  close(): void {
    this.client.close();
  }

  private async infer(request: InferenceRequest, tensors: object): Promise<InferReply> {
    const { model: model_name, version: model_version } = request;
    const outputs = request.outputs.map((name) => ({ name }));
    const reply = await new Promise<InferReply>((resolve, reject) => {
      this.client.ModelInfer({ model_name, model_version, outputs, ...tensors }, (error, value) => {
        if (value === undefined) reject(error ?? new Error('ModelInfer gave nothing'));
        else resolve(value);
      });
    });
    assert.deepEqual([reply.model_name, reply.model_version], [model_name, model_version]);
    return reply;
  }
}

/** A server may answer in either representation, whatever it was asked in. */
function answers({ outputs, raw_output_contents: raw }: InferReply): readonly HexTensor[] {
  if (raw.length > 0) assert.equal(raw.length, outputs.length);
  return outputs.map(({ name, datatype, shape, contents }, index) => {
    const data =
      raw[index] ??
      (datatype === 'INT64'
        ? BigInt64Array.from(contents?.int64_contents ?? [], BigInt)
        : Float32Array.from(contents?.fp32_contents ?? []));
    return { name, datatype, shape: shape.map(Number), hex: hexOf(data) };
  });
}
