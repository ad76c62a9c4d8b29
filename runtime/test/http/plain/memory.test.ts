import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addConstant } from '../../support/models';
import { startTestServer, type TestServer } from '../../support/server';
import { TemporaryRepository } from '../../support/temporary';
import { plainPost } from './parsers';

/** Requests over one connection; the long form sends more. */
const count = process.env.MANARA_FUZZ_SECONDS === undefined ? 3_000 : 50_000;

describe('the memory of a plain connection', function () {
  this.timeout(300_000);
  const repository = new TemporaryRepository();
  let test: TestServer;

  before(async () => {
    repository.add('plus', 1, addConstant(1));
    test = await startTestServer(repository.folder, { workers: 1, logLevel: 'error' });
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it(`is the same after ${count} requests`, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const url = new URL(test.url);
    const socket = connect(Number(url.port), url.hostname);
    const send = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve));
        socket.write(plainPost(i));
        assert.match((await answered).toString('latin1'), /^HTTP\/1\.1 200 /);
      }
    };
    await send(1_000);
    const before = used();
    await send(count);
    const grown = used() - before;
    socket.destroy();
    assert.ok(grown < 2 * 1024 * 1024, `${grown} bytes more`);
  });
});
