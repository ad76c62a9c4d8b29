import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal';
import type { OptimizeOptions } from './job';
import { toolsFolder } from './python';

/** Figures of one file. */
export interface Figures {
  /** Share of equal answers, or the greatest error; `null` for the original where it is the reference. */
  readonly accuracy: number | null;
  /** Median time of a request, one thread. */
  readonly micros: number;
  readonly bytes: number;
}

/** What the Python side answers. */
export interface Optimized {
  readonly steps: readonly { readonly step: string }[];
  /** Outputs that were compared. */
  readonly outputs: readonly string[];
  readonly requests: number;
  /** What answers were compared with: what the sample expects, or what the original answers. */
  readonly reference: 'sample' | 'original';
  readonly before: Figures;
  readonly after: Figures & { readonly accuracy: number };
  /** Passes over the sample that speed was measured in, each file in turn. */
  readonly rounds: number;
  readonly tools: Readonly<Record<string, string>>;
}

/**
 * Runs the tools on `source`, which write the optimized model to `target`.
 *
 * @throws CliError saying what hinders them
 */
export async function runOptimizer(
  terminal: Terminal,
  python: string,
  options: OptimizeOptions,
  { source, target }: { readonly source: string; readonly target: string },
): Promise<Optimized> {
  const { output = null, quantize, prune, graph, measure, seconds } = options;
  const calibration = options.calibration === undefined ? null : resolve(options.calibration);
  const files = {
    source: resolve(source),
    target: resolve(target),
    sample: resolve(options.sample),
  };
  const job = { ...files, calibration, output, quantize, prune, graph };
  const child = spawn(python, [join(toolsFolder, 'optimize.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Some of the tools leave files where they stand.
    cwd: dirname(files.target),
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  // A program that ends before it has read all would end this one.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify({ ...job, measure, seconds }));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [answer, complaints] = await Promise.all([
    text(child.stdout),
    progress(terminal, child.stderr),
    ended,
  ]);
  const [code] = await ended;
  if (code === 0) return JSON.parse(answer) as Optimized;
  if (code === 3) throw new CliError((JSON.parse(answer) as { readonly fault: string }).fault);
  throw new CliError(
    `onnxruntime's tools cannot optimize this model (exit code ${String(code)}): ${complaints.at(-1) ?? 'no reason given'}`,
  );
}

/** Shows what the tools are at; gives all other lines, warnings and a traceback's among them. */
async function progress(
  terminal: Terminal,
  stream: NodeJS.ReadableStream,
): Promise<readonly string[]> {
  const others: string[] = [];
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.endsWith(' …')) terminal.progress(line.slice(0, -2));
      else if (line.trim() !== '') others.push(line);
    }
  }
  return rest.trim() === '' ? others : [...others, rest];
}
