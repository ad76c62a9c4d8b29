import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const packageFile = join(__dirname, '..', '..', 'package.json');

/** Version of this package. */
export const serverVersion = (
  JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string }
).version;
