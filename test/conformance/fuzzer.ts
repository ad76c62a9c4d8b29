import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../support/paths';

export const conformanceFolder = join(repositoryRoot, 'test', 'conformance');

/** Cases per operation: some for every change, many at night. */
const examples = process.env.MANARA_FUZZ_EXAMPLES ?? '10';
const seed = process.env.MANARA_SEED ?? '1';

export interface FuzzRun {
  /** The document, by its address or in a file. */
  readonly document: string;
  /** `http://host:port` */
  readonly url: string;
  /** Regular expression of the ids of operations that are asked; all others are not. */
  readonly operations: string;
  /** Folder for what the run writes. */
  readonly folder: string;
}

/** What the fuzzer reports, by its names, and what it prints. */
export interface FuzzReport {
  readonly output: string;
  readonly exit_code: number;
  readonly stop_reason: string;
  readonly operations: { readonly selected: number; readonly tested: number };
  readonly test_cases: { readonly generated: number; readonly with_failures: number };
  readonly failures: readonly unknown[];
  readonly errors: readonly unknown[];
}

/** Lets schemathesis make requests of a document, good ones and bad ones, and judge the answers. */
export async function fuzz(python: string, run: FuzzRun): Promise<FuzzReport> {
  const report = join(run.folder, 'report.json');
  const config = join(conformanceFolder, 'schemathesis.toml');
  const args = [
    '--config-file',
    config,
    'run',
    run.document,
    '--url',
    run.url,
    '--include-operation-id-regex',
  ].concat(
    [run.operations, '--phases', 'examples,coverage,fuzzing', '--checks', 'all', '--mode', 'all'],
    ['--max-examples', examples, '--seed', seed, '--continue-on-failure'],
    ['--report', 'json', '--report-json-path', report],
  );
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: join(conformanceFolder, 'schemathesis_hooks.py'),
    PYTHONDONTWRITEBYTECODE: '1',
    // Widths of a terminal cut messages.
    COLUMNS: '200',
  };
  const command = join(dirname(python), 'st');
  const options = { env, cwd: run.folder, maxBuffer: 64 * 2 ** 20 };
  const output = await new Promise<string>((resolve) => {
    // Its exit code stands in the report.
    execFile(command, args, options, (_, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
  if (!existsSync(report)) throw new Error(`the fuzzer made no report: ${output}`);
  return { ...(JSON.parse(readFileSync(report, 'utf8')) as FuzzReport), output };
}
