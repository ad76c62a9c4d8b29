import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of this package. Compiled code runs in `build/src`. */
export const packageRoot = join(__dirname, '..', '..');

/** Version of this package, and of every Manara package that goes with it. */
export const version = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  }
).version;
