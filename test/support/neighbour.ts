import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { status as grpcStatus } from '@grpc/grpc-js';
import { TestGrpcClient } from '@manara/runtime/build/test/support/grpc-client';
import { addConstant } from '@manara/runtime/build/test/support/models';

/** The model that the neighbour asks, by this name. */
export const neighbourModel = { name: 'neighbour', file: addConstant(0.5) } as const;

const inferPath = `/v2/models/${neighbourModel.name}/infer`;
const headerLength = 'inference-header-content-length';

type Protocol = 'json' | 'binary' | 'grpc' | 'health';

interface Answer {
  /** HTTP's, for gRPC too. */
  readonly status: number;
  readonly bytes: Buffer;
}

/**
 * A caller who does everything right while others do not. Its answers are known to the bit: anything but
 * them, or a refusal for the load, is a fault.
 */
export class Neighbour {
  readonly faults: string[] = [];
  answered = 0;
  refused = 0;
  /** Requests that found nobody, or whose connection was cut. */
  cut = 0;
  readonly healthMillis: number[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  private readonly grpc: TestGrpcClient;
  private over = false;
  private runs: Promise<unknown> = Promise.resolve();

  /** @param mayBeCut - whether the server may go down in between. */
  constructor(
    private readonly httpPort: number,
    grpcPort: number,
    private readonly mayBeCut = false,
  ) {
    this.grpc = new TestGrpcClient(`127.0.0.1:${grpcPort}`);
  }

  /** Asks by every protocol, one request of each at a time, until it is stopped. */
  start(pauseMillis = 10): void {
    const asking = (['json', 'binary', 'grpc', 'health'] as const).map(async (protocol) => {
      for (let i = 0; !this.over; i++) {
        await this.askOnce(protocol, i);
        await setTimeout(pauseMillis);
      }
    });
    this.runs = Promise.all(asking);
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.runs;
    this.agent.destroy();
    this.grpc.close();
  }

  private async askOnce(protocol: Protocol, i: number): Promise<void> {
    // Sums that FP32 holds exactly, so that the answer is known to the bit.
    const values = [i % 4096, -(i % 512) / 4, 1 / 8];
    const begun = performance.now();
    try {
      const { status, bytes } = await this.ask(protocol, values);
      if (protocol === 'health') this.healthMillis.push(performance.now() - begun);
      if (status === 503) this.refused++;
      else if (status !== 200)
        this.faults.push(`${protocol}: status ${status}, ${bytes.toString()}`);
      else if (protocol === 'health' || bytes.equals(floats(values.map((value) => value + 0.5)))) {
        this.answered++;
      } else
        this.faults.push(
          `${protocol}: wrong answer to ${values.join(', ')}: ${bytes.toString('hex')}`,
        );
    } catch (error) {
      this.cut++;
      if (!this.mayBeCut) this.faults.push(`${protocol}: ${(error as Error).message}`);
    }
  }

  private async ask(protocol: Protocol, values: readonly number[]): Promise<Answer> {
    switch (protocol) {
      case 'health':
        return this.http('GET', '/v2/health/live', {}, Buffer.alloc(0));
      case 'json': {
        const body = JSON.stringify({
          inputs: [{ name: 'x', datatype: 'FP32', shape: [values.length], data: values }],
        });
        const { status, bytes } = await this.http('POST', inferPath, {}, Buffer.from(body));
        if (status !== 200) return { status, bytes };
        const { outputs } = JSON.parse(bytes.toString()) as { outputs: { data: number[] }[] };
        return { status, bytes: floats(outputs[0]?.data ?? []) };
      }
      case 'binary': {
        const head = Buffer.from(
          JSON.stringify({
            inputs: [
              {
                name: 'x',
                datatype: 'FP32',
                shape: [values.length],
                parameters: { binary_data_size: values.length * 4 },
              },
            ],
            parameters: { binary_data_output: true },
          }),
        );
        const { status, bytes } = await this.http(
          'POST',
          inferPath,
          { [headerLength]: String(head.length) },
          Buffer.concat([head, floats(values)]),
        );
        return { status, bytes: status === 200 ? bytes.subarray(-values.length * 4) : bytes };
      }
      case 'grpc':
        return this.askGrpc(values);
    }
  }

  private async askGrpc(values: readonly number[]): Promise<Answer> {
    try {
      const reply = await this.grpc.call('ModelInfer', {
        model_name: neighbourModel.name,
        inputs: [{ name: 'x', datatype: 'FP32', shape: [values.length] }],
        raw_input_contents: [floats(values)],
      });
      const [bytes = Buffer.alloc(0)] = reply.raw_output_contents as readonly Buffer[];
      return { status: 200, bytes };
    } catch (error) {
      const { code, details, metadata } = error as {
        code?: number;
        details?: string;
        metadata?: { get(name: string): unknown[] };
      };
      // Refused by the server, and not for want of one.
      const refused =
        code === (grpcStatus.UNAVAILABLE as number) && metadata?.get('retry-after').length;
      if (!refused) throw error;
      return { status: 503, bytes: Buffer.from(details ?? '') };
    }
  }

  private http(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.httpPort,
          agent: this.agent,
          method,
          path,
          headers: { ...headers, 'content-length': body.length },
          timeout: 20_000,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) });
          });
        },
      );
      asked.once('timeout', () => {
        asked.destroy(new Error('no answer within 20 s'));
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }
}

function floats(values: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}
