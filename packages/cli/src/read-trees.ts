import type { IConstruct } from 'constructs';
import { UsageError } from './cli-error';
import { loadProgram } from './load-program';
import { isPulumiProgram, pulumiTrees } from './pulumi-program';

/** The trees of a folder's program, whichever kind it is. */
export interface Trees {
  /** The program's main file, as messages show it. */
  readonly file: string;
  readonly roots: readonly IConstruct[];
}

/**
 * The tree that `main.ts` exports or, in a folder with a `Pulumi.yaml`, those that the program makes under
 * Pulumi's mocks.
 *
 * @param stack whose `Pulumi.<stack>.yaml` configures a program of Pulumi
 * @throws UsageError for a stack where there is no such program; what `loadProgram` and `pulumiTrees` throw
 */
export async function readTrees(folder: string, stack: string | undefined): Promise<Trees> {
  if (isPulumiProgram(folder)) return pulumiTrees(folder, stack);
  if (stack !== undefined) {
    throw new UsageError(`--stack: expected a Pulumi.yaml in "${folder}", found none`);
  }
  const { file, app } = loadProgram(folder);
  return { file, roots: [app] };
}
