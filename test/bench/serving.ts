import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineEnvironment, headers, modelFilePath, path, routes } from '@manara/contract';
import autocannon from 'autocannon';
import { cpuMicros } from '../support/process-stat';
import { models } from './models';
import type { BenchModel, RawResult } from './raw-engine';
import { type ServerProcess, startServerProcess } from './server-process';
import { formatTable, median, quantile } from './table';

type Encoding = 'JSON' | 'binary';

/** One round of one case, as ratios to the raw engine's round just before it. */
interface Ratios {
  readonly throughput: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

const secondsPerRawRun = 2;

/** The server against onnxruntime alone on the same model: raw, server, raw, server … */
export async function benchServing(rounds: number): Promise<string> {
  const repository = mkdtempSync(join(tmpdir(), 'manara-bench-'));
  const all = models();
  for (const model of all) {
    const target = join(repository, modelFilePath(model.name, 1));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(model.file, target);
  }
  const server = await startServerProcess(repository);
  try {
    const rows: string[][] = [];
    for (const model of all) {
      for (const encoding of ['JSON', 'binary'] as const) {
        for (const concurrency of model.concurrencies) {
          rows.push(await benchCase(server, { model, encoding, concurrency }, rounds));
        }
      }
    }
    return formatTable(
      [
        'model, encoding, requests in flight',
        'throughput ÷ raw',
        'server CPU ÷ raw CPU',
        'p50 ÷ raw run',
        'p99 ÷ raw run',
      ],
      rows,
    );
  } finally {
    await server.stop();
    rmSync(repository, { recursive: true });
  }
}

interface Case {
  readonly model: BenchModel;
  readonly encoding: Encoding;
  readonly concurrency: number;
}

async function benchCase(server: ServerProcess, it: Case, rounds: number): Promise<string[]> {
  const label = `${it.model.name}, ${it.encoding}, ${it.concurrency}`;
  const results: Ratios[] = [];
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${label}: round ${round + 1} of ${rounds}\n`);
    results.push(await measure(server, it));
  }
  const of = (key: keyof Ratios) => median(results.map((r) => r[key])).toFixed(2);
  return [label, of('throughput'), of('cpu'), of('p50'), of('p99')];
}

async function measure(
  server: ServerProcess,
  { model, encoding, concurrency }: Case,
): Promise<Ratios> {
  const raw = rawInItsOwnProcess(model);
  const before = cpuMicros(server.pid);
  // Its own histogram counts in whole milliseconds, which a small model stays below.
  const millis: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = {
      url: `${server.http}${path(routes.modelInfer, { model: model.name })}`,
      method: 'POST',
      connections: concurrency,
      // Counted, not timed: whatever is in flight when the time is up would burden the next case.
      amount: Math.max(Math.ceil(raw.runsPerSecond / 2), concurrency * 4),
      ...request(model, encoding),
    } as const;
    const load = autocannon(options, (error: Error | null, value) => {
      if (error === null) resolve(value);
      else reject(error);
    });
    load.on('response', (_client, _status, _bytes, responseMillis) => millis.push(responseMillis));
  });
  const cpu = cpuMicros(server.pid) - before;
  if (millis.length === 0 || result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${model.name}: ${result.non2xx} refused and ${result.errors} failed of ${millis.length}`,
    );
  }
  const rawMillis = 1000 / raw.runsPerSecond;
  return {
    throughput: millis.length / result.duration / raw.runsPerSecond,
    cpu: cpu / millis.length / raw.cpuMicrosPerRun,
    p50: quantile(millis, 0.5) / rawMillis,
    p99: quantile(millis, 0.99) / rawMillis,
  };
}

function rawInItsOwnProcess(model: BenchModel): RawResult {
  const script = require.resolve('./raw-process');
  const text = execFileSync(process.execPath, [script, model.name, String(secondsPerRawRun)], {
    encoding: 'utf8',
    env: { ...process.env, ...engineEnvironment },
  });
  return JSON.parse(text) as RawResult;
}

interface HttpRequest {
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

function request(model: BenchModel, encoding: Encoding): HttpRequest {
  const input = { name: model.input, datatype: 'FP32', shape: model.shape };
  const output = { name: model.output };
  if (encoding === 'JSON') {
    const body = { inputs: [{ ...input, data: [...model.values] }], outputs: [output] };
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
  const tensor = Buffer.from(model.values.buffer, model.values.byteOffset, model.values.byteLength);
  const header = Buffer.from(
    JSON.stringify({
      inputs: [{ ...input, parameters: { binary_data_size: tensor.byteLength } }],
      outputs: [{ ...output, parameters: { binary_data: true } }],
    }),
  );
  return {
    headers: {
      'content-type': 'application/octet-stream',
      [headers.inferenceHeaderContentLength]: String(header.byteLength),
    },
    body: Buffer.concat([header, tensor]),
  };
}
