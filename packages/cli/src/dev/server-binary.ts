import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CliError } from '../cli-error';

/**
 * Path of `manara-server`'s script: the one that a program's folder has installed, or else the one
 * beside this package.
 *
 * @throws CliError where there is none
 */
export function serverBinary(folder: string): string {
  for (const from of [join(folder, 'main.js'), __filename]) {
    const manifestFile = resolveFrom(from, '@manara/runtime/package.json');
    if (manifestFile === undefined) continue;
    const { bin } = createRequire(from)(manifestFile) as {
      readonly bin?: Readonly<Record<string, string>>;
    };
    const script = join(dirname(manifestFile), bin?.['manara-server'] ?? '');
    if (existsSync(script)) return script;
    throw new CliError(`"${script}" is missing: @manara/runtime is not built; run npm run build`);
  }
  throw new CliError(
    'manara dev needs the model server, which is not installed; run npm install --save-dev @manara/runtime',
  );
}

function resolveFrom(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}
