import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BenchInput } from '../bench-model';
import type { RawJob, RawResult } from './raw-engine';

/** `node node-raw.js`, a RawJob as its argument: says `ready`, waits for a line, runs, prints a RawResult. */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as RawJob;
  const { inputs } = JSON.parse(readFileSync(job.sample, 'utf8')) as {
    readonly inputs: readonly BenchInput[];
  };
  const session = await InferenceSession.create(job.file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(inputs.map((input) => [input.name, rows(input, job.batch)]));
  for (let i = 0; i < 5; i++) await session.run(feeds);
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const cpu = process.cpuUsage();
  const start = performance.now();
  let runs = 0;
  while (performance.now() - start < job.seconds * 1000) {
    await session.run(feeds);
    runs++;
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const result: RawResult = { rows: runs * job.batch, seconds, cpuMicros: user + system };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit();
}

function rows({ datatype, shape, data }: BenchInput, count: number): Tensor {
  const dims = [count, ...shape.slice(1)];
  const repeated = Array.from({ length: count }, () => data).flat();
  return datatype === 'FP32'
    ? new Tensor('float32', Float32Array.from(repeated), dims)
    : new Tensor('int64', BigInt64Array.from(repeated.map(BigInt)), dims);
}

void main();
