import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { engineEnvironment, withHugePages } from '@manara/contract';
import type { BenchModel } from '../bench-model';
import { peersFolder } from '../paths';
import type { Sample } from '../sample';

export interface RawJob {
  readonly file: string;
  /** File that holds the row of input. */
  readonly sample: string;
  readonly batch: number;
  readonly seconds: number;
}

export interface RawResult {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuMicros: number;
}

/** A way to call onnxruntime without a server. */
export interface RawWay {
  readonly engine: 'Node' | 'Python';
  readonly batch: number;
}

const processes = 2;

/** Every way, with the batch sizes that the issue names. */
export function rawWays(python: string | undefined): readonly RawWay[] {
  return [1, 8, 32].flatMap((batch) => [
    { engine: 'Node' as const, batch },
    ...(python === undefined ? [] : [{ engine: 'Python' as const, batch }]),
  ]);
}

/** Rows that two processes of one thread each compute at the same time. */
export async function runRaw(
  model: BenchModel,
  { engine, batch }: RawWay,
  seconds: number,
  python: string | undefined,
): Promise<Sample> {
  const job: RawJob = { file: model.file, sample: model.sampleFile, batch, seconds };
  const [command, script] =
    engine === 'Node'
      ? [process.execPath, require.resolve('./node-raw')]
      : [python ?? 'python3', join(peersFolder, 'raw', 'raw.py')];
  const children = Array.from({ length: processes }, () => {
    const child = spawn(command, [script, JSON.stringify(job)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // As our server has it.
      env: withHugePages({ ...process.env, ...engineEnvironment, OMP_NUM_THREADS: '1' }),
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  const next = async (lines: AsyncIterator<string>) => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the engine alone (${engine}) ended early`);
    return line.value;
  };
  for (const { lines } of children) await next(lines);
  for (const { child } of children) child.stdin.write('go\n');
  const results = await Promise.all(
    children.map(async ({ lines }) => JSON.parse(await next(lines)) as RawResult),
  );
  const sum = (of: (result: RawResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    requestsPerSecond: sum(({ rows, seconds: took }) => rows / took),
    cpuMicros: sum(({ cpuMicros }) => cpuMicros) / sum(({ rows }) => rows),
  };
}
