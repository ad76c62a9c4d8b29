import type { Outcome, RunOptions, Stack } from './stack';
import { type TreeCost, watchTree } from './tree-cost';

/** What one `pulumi preview` cost. */
export interface PreviewCost {
  readonly outcome: Outcome;
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** CPU time of the engine, the language host, the program and the providers together. */
  readonly cpuSeconds: number;
  /** CPU time of the program's own process. */
  readonly programSeconds: number;
  /** Peak memory of the program's own process. */
  readonly programMebibytes: number;
  /** Peak memory of them all together. */
  readonly mebibytes: number;
}

/** Previews a stack and measures it. @throws Error for a preview that fails */
export async function previewCost(stack: Stack, options: RunOptions = {}): Promise<PreviewCost> {
  let cost: (() => TreeCost) | undefined;
  const start = performance.now();
  const outcome = await stack.preview({
    ...options,
    onEvent: (_, { pid }) => {
      if (pid !== undefined) cost ??= watchTree(pid);
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const { peakMebibytes: mebibytes = 0, processes = [] } = cost?.() ?? {};
  if (!outcome.succeeded) throw new Error(`pulumi preview failed:\n${outcome.messages}`);
  const program = processes.find(({ command }) => command.includes(nodeProgram));
  if (program === undefined) {
    const seen = processes.map(({ command }) => command).join('\n');
    throw new Error(`pulumi preview: no process of "${nodeProgram}" among\n${seen}`);
  }
  return {
    outcome,
    seconds,
    cpuSeconds: processes.reduce((sum, process) => sum + process.cpuSeconds, 0),
    programSeconds: program.cpuSeconds,
    programMebibytes: program.peakMebibytes,
    mebibytes,
  };
}

/** How the language host starts a program: `node …/@pulumi/pulumi/cmd/run/index.js …`. */
const nodeProgram = '@pulumi/pulumi/cmd/run/index.js';
