import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { flags, modelFilePath } from '@manara/contract';
import { freePorts } from '../support/free-ports';

export interface ColdStartProps {
  readonly node: string;
  /** The server's program. */
  readonly server: string;
  /** File of a model that takes FP32 [rows, 20] as `features`. */
  readonly model: string;
  readonly rounds: number;
}

export interface ColdStart {
  /** Time from the server's start to its first answer, for that of `node -e 0`; medians of the same run. */
  readonly ratio: number;
  readonly serverMillis: number;
  readonly nodeMillis: number;
}

/** How long callers wait for a server that is started for them. */
export async function coldStart({
  node,
  server,
  model,
  rounds,
}: ColdStartProps): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), 'manara-cold-'));
  try {
    const file = join(folder, modelFilePath('fraud', 1));
    await mkdir(join(file, '..'), { recursive: true });
    await copyFile(model, file);
    const times = { server: [] as number[], node: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.node.push(timeOfNothing(node));
      times.server.push(await timeOfAnswer(node, server, folder));
    }
    const [serverMillis, nodeMillis] = [median(times.server), median(times.node)];
    return { ratio: serverMillis / nodeMillis, serverMillis, nodeMillis };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timeOfNothing(node: string): number {
  const started = performance.now();
  spawnSync(node, ['-e', '0']);
  return performance.now() - started;
}

async function timeOfAnswer(node: string, server: string, repository: string): Promise<number> {
  const ports = await freePorts(3);
  const listen = ['http', 'grpc', 'metrics'].map((name, i) => `--${name}-port=${ports[i]}`);
  const started = performance.now();
  const child = spawn(node, [server, flags.modelRepository, repository, ...listen], {
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  try {
    while (!(await answers(ports[0]!))) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      await delay(5);
    }
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
    await exit;
  }
}

const features = {
  name: 'features',
  datatype: 'FP32',
  shape: [1, 20],
  data: Array<number>(20).fill(0),
};

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/v2/models/fraud/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ inputs: [features] }),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
