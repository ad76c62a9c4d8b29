import assert from 'node:assert/strict';
import { join } from 'node:path';
import { serverBinary } from '../../src/dev/server-binary';
import { project, repositoryRoot, temporaryFolder } from '../support/folders';

const own = join(repositoryRoot, 'runtime', 'build', 'src', 'main.js');

describe('serverBinary', () => {
  it("prefers the program's own server", () => {
    const folder = temporaryFolder();
    const files = {
      'shop/node_modules/@manara/runtime/package.json': '{"bin": {"manara-server": "start.js"}}',
      'shop/node_modules/@manara/runtime/start.js': '',
    };
    const shop = join(project(files), 'shop');
    assert.equal(serverBinary(shop), join(shop, 'node_modules', '@manara', 'runtime', 'start.js'));
    assert.equal(serverBinary(folder), own);
  });

  it('says so where the server is not built', () => {
    const files = {
      'shop/node_modules/@manara/runtime/package.json': '{"bin": {"manara-server": "gone.js"}}',
    };
    const shop = join(project(files), 'shop');
    assert.throws(() => serverBinary(shop), /gone\.js" is missing: @manara\/runtime is not built/);
  });
});
