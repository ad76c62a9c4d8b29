import { join } from 'node:path';
import { repositoryRoot } from '../../support/paths';

/** Sources of this benchmark: Python files are not compiled into the build. */
export const peersFolder = join(repositoryRoot, 'test', 'bench', 'peers');
