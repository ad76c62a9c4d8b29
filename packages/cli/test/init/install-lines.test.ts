import assert from 'node:assert/strict';
import { join } from 'node:path';
import { installLines } from '../../src/init/install-lines';
import { repositoryRoot, temporaryFolder } from '../support/folders';

describe('installLines', () => {
  it('asks a registry where the command itself was installed', () => {
    assert.deepEqual(installLines(temporaryFolder()), ['npm install']);
  });

  it('packs the clone where the command runs from one', () => {
    assert.deepEqual(installLines(join(repositoryRoot, 'packages', 'cli')), [
      `npm --prefix "${repositoryRoot}" run pack`,
      `npm install "${repositoryRoot}/dist/packages"/*.tgz`,
    ]);
  });
});
