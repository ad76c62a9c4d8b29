import assert from 'node:assert/strict';
import { join } from 'node:path';
import { UsageError } from '../../src/cli-error';
import { siteConfigs } from '../../src/dev/site-configs';
import { loadProgram } from '../../src/load-program';
import { project, repositoryRoot } from '../support/folders';
import { foreignLogs, officeProgram } from '../support/programs';

function office(more?: string) {
  return loadProgram(project({ 'main.ts': officeProgram(more === undefined ? {} : { more }) }));
}

/** Where a Deployment's pods carry it, as JSON patches say it. */
const inTemplate = '/spec/template/metadata/annotations/manara.dev~1config';

describe('siteConfigs', () => {
  const bank = loadProgram(join(repositoryRoot, 'examples', 'uae-bank'));

  it('reads what carries the traffic of any site off the pods, and leaves standbys out', () => {
    assert.deepEqual(
      siteConfigs(bank).map(({ source }) => source),
      [
        'aws-me-central-1/fraud',
        'aws-me-central-1/document-reader',
        'azure-uaenorth/document-reader',
      ],
    );
  });

  it('reads all that one site serves, standbys included', () => {
    assert.deepEqual(
      siteConfigs(bank, 'azure-uaenorth').map(({ source }) => source),
      ['azure-uaenorth/fraud', 'azure-uaenorth/document-reader'],
    );
    assert.equal(siteConfigs(bank, 'uae-bank/azure-uaenorth').length, 2);
  });

  it('holds what the pods carry, but for the traces', () => {
    const [first] = siteConfigs(bank);
    assert.equal(first?.config.host, '0.0.0.0');
    assert.deepEqual(
      first.config.models?.map(({ name, defaultVersion, versions }) => [
        name,
        defaultVersion,
        versions.map(({ version, uri }) => [version, uri]),
      ]),
      [
        [
          'fraud',
          2,
          [
            [1, 's3://bank-models-me-central-1/fraud/1/model.onnx'],
            [2, 's3://bank-models-me-central-1/fraud/2/model.onnx'],
          ],
        ],
      ],
    );
    assert.equal(first.config.tracesEndpoint, undefined);
  });

  it('leaves out what leads to hosts and Secrets of the cluster', () => {
    const program = office(`
      const { ApiObject, JsonPatch } = require('cdk8s');
      const deployment = office.node.findChild('fraud').node.findChild('deployment');
      const { annotations } = deployment.podMetadata.toJson();
      const text = JSON.parse(annotations['manara.dev/config']);
      const jobs = { redis: { url: 'late' } };
      ApiObject.of(deployment).addJsonPatch(
        JsonPatch.replace('${inTemplate}', JSON.stringify({ ...text, jobs })),
      );`);
    const [first] = siteConfigs(program);
    assert.equal(first?.config.models?.[0]?.name, 'fraud');
    assert.equal(first.config.jobs, undefined);
  });

  it('refuses a site that is not there, naming those that are', () => {
    assert.throws(() => siteConfigs(bank, 'bahrain'), {
      name: UsageError.name,
      message: '--site: expected one of aws-me-central-1, azure-uaenorth; received "bahrain"',
    });
  });

  it('leaves the pods and ConfigMaps of others alone', () => {
    const program = office(`
      const { ConfigMap, Deployment } = require('cdk8s-plus-28');
      new ConfigMap(office, 'other', { data: { 'config.json': 'not ours' } });
      const image = 'registry.office.example:5000/other:1';
      new Deployment(office, 'app', { containers: [{ image, portNumber: 80 }] });`);
    assert.deepEqual(
      siteConfigs(program).map(({ source }) => source),
      ['office/fraud'],
    );
  });

  it('names a Deployment whose pods carry nonsense', () => {
    const program = office(`
      const { ApiObject, JsonPatch } = require('cdk8s');
      const deployment = office.node.findChild('fraud').node.findChild('deployment');
      ApiObject.of(deployment).addJsonPatch(JsonPatch.replace('${inTemplate}', '{"httpPort": -1}'));`);
    assert.throws(
      () => siteConfigs(program),
      /Deployment office\/fraud: annotation manara\.dev\/config: The server's configuration is not valid:\n {2}- httpPort: /,
    );
  });

  it('serves nothing that the rules refuse', () => {
    const program = loadProgram(project({ 'main.ts': officeProgram({ logs: foreignLogs }) }));
    assert.throws(() => siteConfigs(program), /is refused: 2 residency violations on 1 data flow/);
  });

  it('refuses a tree without endpoints', () => {
    const program = loadProgram(
      project({ 'main.ts': `import { App } from 'cdk8s'; export const app = new App();` }),
    );
    assert.throws(() => siteConfigs(program), /the tree holds no endpoint to serve/);
  });
});
