import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { anyPorts, ServerProcess } from '../support/process';
import { postJson } from '../support/http-client';
import { identity } from '../support/models';
import { TemporaryRepository } from '../support/temporary';

describe('a large JSON body', () => {
  const repository = new TemporaryRepository();
  let server: ServerProcess;
  let url: string;

  before(async () => {
    repository.add('same', 1, identity('FP32'));
    server = new ServerProcess(['--model-repository', repository.folder, ...anyPorts]);
    url = `http://${(await server.logged('listening')).http as string}`;
  });
  after(async () => {
    server.signal('SIGTERM');
    await server.exited;
    repository.remove();
  });

  it('holds up no other request', async () => {
    const count = 8_000_000;
    const body = `{"inputs":[{"name":"x","datatype":"FP32","shape":[${count}],"data":[${'1,'.repeat(count - 1)}1]}]}`;
    await (await fetch(`${url}/v2/health/live`)).text();
    const began = performance.now();
    // Asks for what is no output, so that reading is all that it costs.
    const asked = `{"outputs":[{"name":"none"}],${body.slice(1)}`;
    const refused = postJson(`${url}/v2/models/same/infer`, asked);
    const over = new AbortController();
    let longest = 0;
    let probes = 0;
    const probing = (async () => {
      while (!over.signal.aborted) {
        const asked = performance.now();
        await (await fetch(`${url}/v2/health/live`)).text();
        longest = Math.max(longest, performance.now() - asked);
        probes++;
        await setTimeout(2);
      }
    })();
    const { status, body: answer } = await refused;
    over.abort();
    const whole = performance.now() - began;
    await probing;
    assert.deepEqual([status, answer.code], [400, 'OUTPUT_UNKNOWN']);
    assert.ok(probes > 5);
    assert.ok(longest < whole / 3, `a probe took ${longest} ms, the whole ${whole} ms`);
  });

  it('is refused beyond its limit, which binary tensors do not have', async () => {
    const huge = await postJson(`${url}/v2/models/same/infer`, ' '.repeat(16 * 2 ** 20 + 1));
    assert.equal(huge.status, 413);
    assert.match(huge.body.error as string, /larger than 16777216 bytes, the limit of JSON; send/);
    const part = await postJson(`${url}/v2/models/same/infer`, ' '.repeat(16 * 2 ** 20 + 9), {
      'inference-header-content-length': String(16 * 2 ** 20 + 1),
    });
    assert.equal(part.status, 413);
    const head = JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [
        {
          name: 'x',
          datatype: 'FP32',
          shape: [5 * 2 ** 20],
          parameters: { binary_data_size: 20 * 2 ** 20 },
        },
      ],
    });
    const response = await fetch(`${url}/v2/models/same/infer`, {
      method: 'POST',
      headers: { 'inference-header-content-length': String(head.length) },
      body: Buffer.concat([Buffer.from(head), Buffer.alloc(20 * 2 ** 20)]),
    });
    assert.equal(response.status, 200);
    assert.ok((await response.arrayBuffer()).byteLength > 20 * 2 ** 20);
  });
});
