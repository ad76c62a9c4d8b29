import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureBlobEnvironment } from '@manara/contract';
import { type Certificates, makeCertificates } from '../bed/certificates';
import { account, azureStore } from './azure-store';
import { FetchProcess } from './fetch-process';
import type { Store } from './stores';

const tenant = '11111111-2222-3333-4444-555555555555';
const client = '66666666-7777-8888-9999-000000000000';

/** Azure's own libraries as a pod with a workload identity runs them: no key and no connection string. */
describe('weights read by workload identity', function () {
  this.timeout(120_000);
  const content = randomBytes(1_000_000);
  const sha256 = createHash('sha256').update(content).digest('hex');
  let folder: string;
  let certificates: Certificates;
  let store: Store;
  let uri: string;
  /** In place of Entra ID. */
  let authority: Server;
  let asked: URLSearchParams[];
  /** Whom the token is made out for. */
  let audience: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manara-identity-'));
    certificates = makeCertificates(folder);
    const { certificate, key } = certificates.server;
    store = await azureStore(folder, '--oauth', 'basic', '--cert', certificate, '--key', key);
    const rejected = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    uri = (await store.publish('fraud/1/model.onnx', content))(store.port);
    if (rejected === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = rejected;
    authority = createServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      (request, response) => {
        const origin = `https://${request.headers.host ?? ''}`;
        response.setHeader('content-type', 'application/json');
        if (request.method === 'GET') {
          response.end(
            JSON.stringify({
              jwks_uri: `${origin}/${tenant}/keys`,
              issuer: `${origin}/${tenant}/v2.0`,
              authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
              token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
            }),
          );
          return;
        }
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          asked.push(new URLSearchParams(body));
          const token = {
            token_type: 'Bearer',
            expires_in: 3600,
            access_token: tokenFor(audience),
          };
          response.end(JSON.stringify(token));
        });
      },
    ).listen(0, '127.0.0.1');
    await once(authority, 'listening');
    writeFileSync(join(folder, 'token'), 'the-clusters-own-token');
  });
  beforeEach(() => {
    asked = [];
    audience = 'https://storage.azure.com';
  });
  after(async () => {
    authority.closeAllConnections();
    authority.close();
    await store.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function fetchWeights(repository: string) {
    const { port } = authority.address() as AddressInfo;
    return FetchProcess.start({
      folder,
      repository,
      uri,
      sha256,
      environment: {
        NODE_EXTRA_CA_CERTS: certificates.authority,
        AZURE_AUTHORITY_HOST: `https://127.0.0.1:${port}/`,
        AZURE_TENANT_ID: tenant,
        AZURE_CLIENT_ID: client,
        AZURE_FEDERATED_TOKEN_FILE: join(folder, 'token'),
        [azureBlobEnvironment.endpoint]: `https://127.0.0.1:${store.port}/${account}`,
      },
    }).end();
  }

  it('come for the token that the cluster’s own is changed for', async () => {
    const repository = join(folder, 'models');
    const { code, logs } = await fetchWeights(repository);
    assert.equal(code, 0, JSON.stringify(logs));
    assert.deepEqual(readFileSync(join(repository, 'fraud/1/model.onnx')), content);
    const [request] = asked;
    assert.equal(request?.get('client_id'), client);
    assert.equal(request.get('client_assertion'), 'the-clusters-own-token');
    assert.equal(request.get('scope'), 'https://storage.azure.com/.default');
  });

  it('do not come for a token that was made out for another service', async () => {
    audience = 'https://vault.azure.net';
    const { code, logs } = await fetchWeights(join(folder, 'others'));
    assert.equal(code, 1);
    assert.match(String(logs.at(-1)?.error), /the store answered 403 AuthenticationFailed$/);
  });
});

/** The emulator reads a token's fields and leaves its signature alone. */
function tokenFor(audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: audience, iss: `https://sts.windows.net/${tenant}/`, tid: tenant };
  const times = { iat: now - 60, nbf: now - 60, exp: now + 3600 };
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ ...claims, ...times })}.${encode({})}`;
}
