import { join } from 'node:path';

/** The checkout. Compiled files sit in test/build/support. */
export const repositoryRoot = join(__dirname, '..', '..', '..');
