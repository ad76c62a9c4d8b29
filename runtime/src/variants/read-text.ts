import { readFileSync } from 'node:fs';
import { StartError } from '../start-error';

/**
 * Text of a file that the configuration names.
 *
 * @param key where it is named
 * @throws StartError where it cannot be read
 */
export function readText(key: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new StartError(`${key} ${JSON.stringify(file)} cannot be read: ${code}`);
  }
}
