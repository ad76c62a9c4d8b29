import assert from 'node:assert/strict';
import { join } from 'node:path';
import { postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { startTestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a file that is changed while it is loaded', () => {
  it('is refused: what was checked is not what the engine read; the next load takes it', async () => {
    const repository = new TemporaryRepository();
    repository.add('plus', 1, addConstant(1));
    // Once, after the server has looked at the file.
    const script = repository.write(
      '.probe.js',
      `const { existsSync, utimesSync, writeFileSync } = require('node:fs');
      process.once('message', ({ file }) => {
        if (existsSync(file + '.touched')) return;
        writeFileSync(file + '.touched', '');
        utimesSync(file, 1, 1);
      });
      require(${JSON.stringify(join(__dirname, '..', '..', 'src', 'engine', 'probe-child.js'))});`,
    );
    const { server, url } = await startTestServer(
      repository.folder,
      { controlMode: 'explicit' },
      { probeScript: script },
    );
    try {
      const load = (): ReturnType<typeof postJson> =>
        postJson(`${url}/v2/repository/models/plus/load`);
      const refused = await load();
      assert.equal(refused.body.code, 'LOAD_FAILED');
      assert.match(String(refused.body.error), /was changed while it was loaded; load it again$/);
      assert.equal((await load()).status, 200);
    } finally {
      await server.close();
      repository.remove();
    }
  });
});
