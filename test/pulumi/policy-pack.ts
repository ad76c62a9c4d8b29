import { chmodSync, copyFileSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/paths';
import type { Engine } from './engine';

/**
 * A copy of `examples/policy` that the bed's engine can start. Its language host is older than policy
 * packs; for a runtime of another name the engine looks for an executable, which here runs what the
 * official one runs.
 *
 * @returns the folder for `--policy-pack`
 */
export function policyPack(engine: Engine): string {
  const executable = join(engine.folder, 'bin', 'pulumi-analyzer-policy-bednode');
  const runner = require.resolve('@pulumi/pulumi/cmd/run-policy-pack');
  writeFileSync(executable, `#!/bin/sh\nexec "${process.execPath}" "${runner}" "$@"\n`);
  chmodSync(executable, 0o755);

  const source = join(repositoryRoot, 'examples', 'policy');
  const folder = mkdtempSync(join(engine.folder, 'policy-'));
  for (const file of ['index.ts', 'package.json']) {
    copyFileSync(join(source, file), join(folder, file));
  }
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  const base = join(repositoryRoot, 'tsconfig.base.json');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: base }));
  writeFileSync(join(folder, 'PulumiPolicy.yaml'), 'runtime: bednode\n');
  return folder;
}
