import { join } from 'node:path';
import { credentials, loadPackageDefinition, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { grpcService } from '@manara/contract';
import { repositoryRoot } from '../../support/paths';

/** Whose fault a refusal is: what callers decide by whether to try again. */
export type Verdict = 'answered' | 'refused' | 'failed';

/** An output with its elements as numbers and Booleans. */
export interface PlainOutput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

export interface Answer {
  readonly verdict: Verdict;
  /** Status and message, for people. */
  readonly detail: string;
  readonly outputs: readonly PlainOutput[];
}

/** Sends a body as it is. */
export async function askRest(target: string, path: string, body?: string): Promise<Answer> {
  // A connection of its own: MLServer closes one that it answered with 500, the next request on its way.
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body };
  const response = await fetch(`http://${target}${path}`, init);
  const text = await response.text();
  const verdict = response.ok ? 'answered' : response.status < 500 ? 'refused' : 'failed';
  const outputs =
    response.ok && body !== undefined
      ? (JSON.parse(text) as { readonly outputs: readonly PlainOutput[] }).outputs
      : [];
  return {
    verdict,
    detail: `${response.status} ${text.slice(0, 200)}`,
    outputs: outputs.map(plain),
  };
}

function plain({ name, datatype, shape, data }: PlainOutput): PlainOutput {
  return { name, datatype, shape, data: data.flat(Infinity) };
}

/** gRPC statuses that say that the caller has to change something. */
const refusals = new Set([3, 5, 9, 11]);

interface Reply {
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly string[];
    readonly contents: Readonly<Record<string, readonly unknown[]>> | null;
  }[];
}

type Infer = (message: object, reply: (error: ServiceError | null, value?: Reply) => void) => void;

/** A client made of our proto file, whatever server it asks. */
export class GrpcAsker {
  private readonly client: Client & { readonly ModelInfer: Infer };

  constructor(target: string) {
    const proto = join(repositoryRoot, 'runtime', 'proto', 'grpc_service.proto');
    const loaded = loadPackageDefinition(
      loadSync(proto, { keepCase: true, longs: String, arrays: true }),
    );
    const [scope = '', service = ''] = grpcService.split('.');
    const Service = (loaded[scope] as Record<string, unknown>)[service] as new (
      ...args: readonly unknown[]
    ) => Client & { readonly ModelInfer: Infer };
    this.client = new Service(target, credentials.createInsecure());
  }

  ask(message: object): Promise<Answer> {
    return new Promise((resolve) => {
      this.client.ModelInfer(message, (error, value) => {
        if (error === null) {
          resolve({
            verdict: 'answered',
            detail: 'OK',
            outputs: (value?.outputs ?? []).map(typed),
          });
        } else {
          const verdict = refusals.has(error.code) ? 'refused' : 'failed';
          resolve({ verdict, detail: error.message.slice(0, 200), outputs: [] });
        }
      });
    });
  }

  close(): void {
    this.client.close();
  }
}

function typed({ name, datatype, shape, contents }: Reply['outputs'][number]): PlainOutput {
  const filled = Object.values(contents ?? {}).find((values) => values.length > 0) ?? [];
  return { name, datatype, shape: shape.map(Number), data: filled.map(plainValue) };
}

/** 64-bit integers come as strings. */
function plainValue(value: unknown): unknown {
  return typeof value === 'string' ? Number(value) : value;
}
