import { drilledStacks, type DrilledStack } from '../../src/drill/plan';
import { loadProgram } from '../../src/load-program';
import { project } from './folders';
import { type StackOptions, stackProgram } from './programs';

/** Stacks of a `main.ts`; `fraud` runs on `dubai` and `north`. */
export function drilledProgram(options?: StackOptions): readonly DrilledStack[] {
  const { file, app } = loadProgram(project({ 'main.ts': stackProgram(options) }));
  return drilledStacks({ file, roots: [app] });
}

export function drilledStack(options?: StackOptions): DrilledStack {
  const [stack] = drilledProgram(options);
  if (stack === undefined) throw new Error('no stack');
  return stack;
}
