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
   * Folder of a policy pack beside a program of Pulumi, as they type it.
   * @default - none
   */
  readonly policyPack?: string;
  /**
   * Its `tsconfig.json`, as they type it, where it is TypeScript.
   * @default - none: no types are checked
   */
  readonly tsconfig?: string;
}

export function dossierContext(program: DossierProgram): DossierContext {
  const { folder = '.', isPulumi = false, stack, policyPack, tsconfig } = program;
  const ofStack = stack === undefined ? [] : ['--stack', stack];
  const named = [...(folder === '.' ? [] : [folder]), ...ofStack];
  const cwd = folder === '.' ? [] : ['-C', folder];
  return {
    manara: (command, ...args) => shell('npx', 'manara', command, ...named, ...args),
    ...(isPulumi ? { pulumi: (...args) => shell('pulumi', ...args, ...cwd, ...ofStack) } : {}),
    ...(policyPack === undefined ? {} : { policyPack }),
    ...(tsconfig === undefined
      ? {}
      : { typeCheck: shell('npx', 'tsc', '--noEmit', '-p', tsconfig) }),
  };
}
