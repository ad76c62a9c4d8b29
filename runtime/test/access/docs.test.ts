import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { parseServerConfig } from '@manara/contract';
import { runNewKey } from '../../src/access/new-key';
import { TestAuthority } from '../support/certificates';
import { postJson } from '../support/http-client';
import { TestIssuer } from '../support/issuer';
import { identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'access.md'), 'utf8');
const one = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };

/** The code of a section in a language. */
function code(section: string, language: string): string {
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text.split('\n## ')[0] ?? '');
  assert.ok(found?.[1] !== undefined, `${section} has no ${language}`);
  return found[1];
}

describe('docs/access.md', () => {
  let repository: TemporaryRepository;
  let test: TestServer | undefined;
  beforeEach(() => {
    repository = new TemporaryRepository();
    repository.add('fraud', 1, identity('FP32'));
  });
  afterEach(async () => {
    await test?.server.close();
    repository.remove();
  });

  const start = async (text: string): Promise<TestServer> => {
    const here = text.replaceAll('/etc/manara/', `${repository.folder}/.`);
    const { models, ...config } = parseServerConfig(JSON.parse(here));
    assert.equal(models, undefined);
    test = await startTestServer(repository.folder, config);
    return test;
  };

  it('has API keys that work', async () => {
    const line = code('API keys', 'sh').trim().replace('/etc/manara/', `${repository.folder}/.`);
    const [command, mode, ...args] = line.split(' ');
    assert.deepEqual([command, mode], ['manara-server', 'new-key']);
    let key = '';
    assert.equal(
      runNewKey(
        args,
        (text) => (key += text.trim()),
        () => undefined,
      ),
      0,
    );
    const { url } = await start(code('API keys', 'json'));
    const infer = async (headers: Record<string, string>): Promise<number> =>
      (await postJson(`${url}/v2/models/fraud/infer`, one, headers)).status;
    assert.equal(await infer({ 'x-api-key': key }), 200);
    assert.equal(await infer({ authorization: `Bearer ${key}` }), 200);
    assert.equal(await infer({}), 401);
  });

  it('has tokens that work', async () => {
    const issuer = new TestIssuer('https://id.bank.example/realms/ml');
    await issuer.addKey('k1');
    const text = code('Tokens of an identity provider (OIDC, JWT)', 'json');
    const jwksUrl = 'https://id.bank.example/realms/ml/certs';
    assert.ok(text.includes(jwksUrl));
    const { url } = await start(text.replace(jwksUrl, await issuer.listen()));
    const infer = async (claims: Record<string, unknown>): Promise<number> => {
      const authorization = `Bearer ${await issuer.token('k1', claims)}`;
      return (await postJson(`${url}/v2/models/fraud/infer`, one, { authorization })).status;
    };
    assert.equal(await infer({ groups: ['risk'] }), 200);
    assert.equal(await infer({ groups: ['sales'] }), 403);
    assert.equal(await infer({ groups: ['risk'], aud: 'another' }), 401);
    issuer.close();
  });

  it('has certificates of callers that work', async () => {
    const authority = await TestAuthority.create();
    const served = await authority.issue();
    repository.write('.tls/tls.crt', served.cert);
    repository.write('.tls/tls.key', served.key);
    repository.write('.tls/ca.crt', authority.cert);
    const { url } = await start(code('Certificates of callers (mutual TLS)', 'json'));
    const ask = (agent: Agent, method: string, path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const address = url.replace('http:', 'https:') + path;
        const sent = request(address, { agent, method }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.once('error', reject);
        sent.end(method === 'POST' ? JSON.stringify(one) : undefined);
      });
    const infer = async (uri: string): Promise<number | undefined> => {
      const agent = new Agent({ ca: authority.cert, ...(await authority.issue({ uris: [uri] })) });
      return ask(agent, 'POST', '/v2/models/fraud/infer');
    };
    const probe = new Agent({ ca: authority.cert });
    assert.equal(await ask(probe, 'GET', '/v2/health/ready'), 200);
    assert.equal(await ask(probe, 'GET', '/v2/models/fraud'), 401);
    assert.equal(await infer('spiffe://bank.example/ns/retail/sa/payments'), 200);
    assert.equal(await infer('spiffe://bank.example/ns/other/sa/payments'), 403);
  });
});
