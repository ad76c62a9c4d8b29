import type { DossierContext } from '../../dossier/dossier-part';
import { shell } from '../../dossier/shell';

/** How people run the program that a tree comes from. */
export interface DossierProgram {
  /**
   * Its folder, as they type it.
   * @default - the working directory
   */
  readonly folder?: string;
  /**
   * Whether it is a program of Pulumi, which deploys the tree itself.
   * @default false
   */
  readonly isPulumi?: boolean;
  /**
   * Stack of a program of Pulumi.
   * @default - none
   */
  readonly stack?: string;
  /**
   * Its `tsconfig.json`, as they type it, where it is TypeScript.
   * @default - none: no types are checked
   */
  readonly tsconfig?: string;
}

export function dossierContext({
  folder,
  isPulumi,
  stack,
  tsconfig,
}: DossierProgram): DossierContext {
  const named = [
    ...(folder === undefined || folder === '.' ? [] : [folder]),
    ...(stack === undefined ? [] : ['--stack', stack]),
  ];
  return {
    manara: (command, ...args) => shell('npx', 'manara', command, ...named, ...args),
    deployedBy: isPulumi === true ? 'pulumi' : 'kubectl',
    ...(stack === undefined ? {} : { stack }),
    ...(tsconfig === undefined
      ? {}
      : { typeCheck: shell('npx', 'tsc', '--noEmit', '-p', tsconfig) }),
  };
}
