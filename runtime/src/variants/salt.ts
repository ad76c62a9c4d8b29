import { variantDefaults, type VariantsConfig } from '@manara/contract';
import { StartError } from '../start-error';
import { readText } from './read-text';

/** What goes into draws and pseudonyms. @throws StartError where its file cannot be read or is empty */
export function saltOf({
  salt = variantDefaults.salt,
  saltFile,
}: Pick<VariantsConfig, 'salt' | 'saltFile'>): string {
  if (saltFile === undefined) return salt;
  const secret = readText('variants.saltFile', saltFile).trim();
  if (secret !== '') return secret;
  throw new StartError(`variants.saltFile ${JSON.stringify(saltFile)} holds no salt`);
}
