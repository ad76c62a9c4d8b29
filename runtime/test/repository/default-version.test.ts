import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('the default version', () => {
  const repository = new TemporaryRepository();
  let test: TestServer;

  before(async () => {
    repository.add('plus', 1, addConstant(1));
    repository.add('plus', 2, addConstant(2));
    const { models, ...rest } = file(1);
    const configFile = repository.write('.config.json', JSON.stringify({ ...rest, models }));
    test = await startTestServer(repository.folder, { ...rest, models, workers: 1, configFile });
  });

  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('is taken up from the configuration file without a restart', async () => {
    assert.equal(await answering(), '1');
    repository.write('.config.json', JSON.stringify(file(2)));
    await logged('defaults_changed');
    assert.equal(await answering(), '2');
  });

  it('stays where the file names one that the server does not serve', async () => {
    repository.write('.config.json', JSON.stringify(file(3, [1, 2, 3])));
    await logged('defaults_refused');
    assert.equal(await answering(), '2');
    // Names it again: what was refused is not taken for known.
    repository.write('.config.json', JSON.stringify(file(1)));
    await logged('defaults_changed', 2);
    assert.equal(await answering(), '1');
  });

  async function answering(): Promise<unknown> {
    const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [10] }] };
    const reply = await postJson(`${test.url}/v2/models/plus/infer`, body);
    assert.equal(reply.status, 200);
    return reply.body.model_version;
  }

  async function logged(event: string, times = 1): Promise<void> {
    for (let i = 0; i < 500; i++) {
      if (test.logs.filter((line) => line.event === event).length >= times) return;
      await delay(10);
    }
    assert.fail(`${event} was not logged`);
  }
});

function file(defaultVersion: number, numbers: readonly number[] = [1, 2]) {
  const versions = numbers.map((number) => ({
    version: number,
    uri: `file:///plus/${number}/model.onnx`,
    sha256: createHash('sha256').update(addConstant(number)).digest('hex'),
  }));
  return {
    variants: { models: {}, reloadSeconds: 1 },
    models: [{ name: 'plus', defaultVersion, versions }],
  };
}
