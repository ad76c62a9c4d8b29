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
  const manifestFile = serverPackage(folder);
  if (manifestFile === undefined) {
    throw new CliError(
      'manara dev needs the model server, which is not installed; run npm install --save-dev @manara/runtime',
    );
  }
  const { bin } = createRequire(__filename)(manifestFile) as {
    readonly bin?: Readonly<Record<string, string>>;
  };
  const script = join(dirname(manifestFile), bin?.['manara-server'] ?? '');
  if (existsSync(script)) return script;
  throw new CliError(`"${script}" is missing: @manara/runtime is not built; run npm run build`);
}

/** Path of the model server's package.json, as above; `undefined` where it is not installed. */
export function serverPackage(folder: string): string | undefined {
  return [join(folder, 'main.js'), __filename]
    .map((from) => resolveFrom(from, '@manara/runtime/package.json'))
    .find((file) => file !== undefined);
}

function resolveFrom(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}
