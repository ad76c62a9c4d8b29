import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { project } from '../support/folders';
import { manara } from '../support/manara';
import { officeProgram } from '../support/programs';

/** A gateway, on a site that is made like the office but has a mesh. */
const gateway = `
import { Callers, GatewayTls, InferenceGateway, ServiceMesh, TokenIssuer } from '@manara/constructs';
const city = new Site(zone, 'city', {
  place: 'onprem:office',
  images: office.images,
  logs: none('read on the node'),
  metrics: none('read on the node'),
  traces: none('one node'),
  backup: none('can be trained again'),
  mesh: ServiceMesh.istio(),
});
const scoring = new ModelEndpoint(zone, 'scoring', {
  versions: [new ModelVersion(1, new ModelArtifact({ bucket, key: 'a/1/model.onnx', file: FILE }))],
  engine: ServingEngine.onnx(),
  sites: [city],
  standby: none('one node'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
});
new InferenceGateway(city, 'api', {
  host: 'api.office.example',
  tls: GatewayTls.secret('tls'),
  issuers: [new TokenIssuer({ issuer: 'https://login.office.example', audiences: ['models'],
    publishedKeys: { uri: 'https://login.office.example/keys', place: 'onprem:office' } })],
  access: [{ endpoint: scoring, callers: Callers.withToken() }],
  from: [Peer.addresses('10.0.0.0/16')],
  proxy: { name: 'istio/proxyv2', tag: '1.31.0' },
});
`;

describe('manara contract', () => {
  it('writes a document of each endpoint and gateway that a validator accepts', async () => {
    const plain = officeProgram();
    const file = /file: (".*?")/.exec(plain)?.[1] ?? '';
    const cwd = project({ 'main.ts': officeProgram({ more: gateway.replace('FILE', file) }) });
    const { code, stdout, stderr } = await manara(['contract'], { cwd });
    assert.equal(code, 0, stderr);
    const openapi = ['fraud.json', 'scoring.json', 'city/api.json'];
    assert.deepEqual(
      stdout.trim().split('\n').slice(0, 3),
      openapi.map((path) => `contract/openapi/${path}`),
    );
    for (const path of openapi) {
      const text = readFileSync(join(cwd, 'contract/openapi', path), 'utf8');
      const { valid, errors } = await new Validator().validate(text);
      assert(valid, `${path}: ${JSON.stringify(errors)}`);
    }
    const scoring = readFileSync(join(cwd, 'contract/openapi/city/api.json'), 'utf8');
    assert(scoring.includes('"/v2/models/scoring/infer"'));
    assert(existsSync(join(cwd, 'contract/protobuf/grpc_service.proto')));
  });

  it('refuses a program without endpoints, and writes nothing', async () => {
    const cwd = project({ 'main.js': "exports.app = new (require('cdk8s').App)();" });
    const { code, stderr } = await manara(['contract'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /the tree holds no ModelEndpoint, so there is no contract/);
    assert.equal(existsSync(join(cwd, 'contract')), false);
  });
});
