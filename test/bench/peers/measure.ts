import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchModel } from './bench-model';
import type { Contender, Protocol, Served } from './contender';
import { grpcValues, inferMessage } from './grpc-call';
import type { LoadJob, LoadResult } from './load/job';
import { postBytes } from './requests';
import type { Sample } from './sample';

/** Answers of the same model in float32 by different builds of the engine. */
const tolerance = 1e-3;

/** A contender that runs, with the bytes that it is asked with. */
export class Runner {
  private constructor(
    readonly contender: Contender,
    readonly served: Served,
    private readonly requests: ReadonlyMap<Protocol, Buffer>,
  ) {}

  /** Starts a contender and asks it once by each protocol: who answers otherwise takes no part. */
  static async start(contender: Contender, model: BenchModel): Promise<Runner | undefined> {
    const served = await contender.start(model);
    if (served === undefined) return undefined;
    try {
      const requests = new Map<Protocol, Buffer>();
      for (const [protocol, port] of Object.entries(served.ports) as [Protocol, number][]) {
        const bytes =
          protocol === 'rest' ? postBytes(contender.dialect, model, port) : inferMessage(model);
        requests.set(protocol, bytes);
        const ask = () =>
          protocol === 'rest' ? restValues(contender, model, port) : grpcValues(port, bytes);
        refuseDifferent(contender.name, protocol, await firstAnswer(ask), model.expected);
      }
      return new Runner(contender, served, requests);
    } catch (error) {
      await served.stop();
      throw error;
    }
  }

  /** One round: the load generator's process from its start to its end. */
  async run(
    protocol: Protocol,
    how: Pick<LoadJob, 'concurrency' | 'seconds' | 'warmupSeconds'>,
  ): Promise<Sample> {
    const port = this.served.ports[protocol];
    const request = this.requests.get(protocol);
    if (port === undefined || request === undefined) {
      throw new Error(`${this.contender.name} has no ${protocol}`);
    }
    const result = await runLoad({
      protocol: protocol === 'rest' ? 'http' : 'grpc',
      port,
      request: request.toString('base64'),
      serverPid: this.served.pid,
      ...how,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${this.contender.name}, ${protocol}, ${how.concurrency}: ${reason}`);
    });
    return {
      requestsPerSecond: result.requests / result.seconds,
      cpuMicros: result.serverCpuMicros / result.requests,
      p50Millis: result.p50Millis,
      p99Millis: result.p99Millis,
    };
  }
}

/** Runs the load generator. @throws Error with what it says where a request is not answered well */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [require.resolve('./load/main')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(job));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(errors === '' ? 'the load generator ended early' : errors);
  return JSON.parse(output) as LoadResult;
}

/** A port that listens may have no model behind it yet. */
async function firstAnswer(ask: () => Promise<readonly number[]>): Promise<readonly number[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}

async function restValues(
  { dialect }: Contender,
  model: BenchModel,
  port: number,
): Promise<readonly number[]> {
  const answer = await fetch(`http://127.0.0.1:${port}${dialect.path(model)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(dialect.body(model)),
  });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${body.slice(0, 500)}`);
  return dialect.values(JSON.parse(body));
}

function refuseDifferent(
  name: string,
  protocol: Protocol,
  found: readonly number[],
  expected: readonly number[],
): void {
  const same =
    found.length === expected.length &&
    found.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) < tolerance);
  if (!same) {
    const [shown, wanted] = [found, expected].map((it) => it.slice(0, 4).join(', '));
    throw new Error(`${name}, ${protocol}: answers ${shown ?? ''} …; expected ${wanted ?? ''} …`);
  }
}
