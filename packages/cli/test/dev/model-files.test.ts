import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergeConfigs } from '../../src/dev/merge-configs';
import { linkModels, missingModels, modelSources } from '../../src/dev/model-files';
import { siteConfigs } from '../../src/dev/site-configs';
import { loadProgram } from '../../src/load-program';
import { project, temporaryFolder } from '../support/folders';
import { modelFile, officeProgram, type OfficeOptions } from '../support/programs';

function office(options: OfficeOptions = {}) {
  const program = loadProgram(project({ 'main.ts': officeProgram(options) }));
  return { app: program.app, config: mergeConfigs(siteConfigs(program)) };
}

const sha256 = createHash('sha256')
  .update(readFileSync(modelFile(1)))
  .digest('hex');
const published = { artifact: `sha256: '${sha256}', sizeBytes: 15509` };

describe('modelSources', () => {
  it('finds the file that the artifact names', () => {
    const { app, config } = office();
    const uri = 'file:///mnt/claims/models/fraud/1/model.onnx';
    assert.deepEqual(modelSources(app, config), [
      { model: 'fraud', version: 1, sha256, uri, file: modelFile(1), explanation: undefined },
    ]);
  });

  it('takes a version from its address whose explain.json is not here', () => {
    const explanation = `explanation: { sha256: '${'b'.repeat(64)}' }`;
    const artifact = `file: ${JSON.stringify(modelFile(1))}, ${explanation}`;
    const { app, config } = office({ artifact, bucket: `'https://models.example'` });
    const sources = modelSources(app, config);
    assert.deepEqual(
      sources.map(({ file }) => file),
      [undefined],
    );
    assert.deepEqual(missingModels(config, sources).models?.[0]?.versions[0]?.explanation, {
      uri: 'https://models.example/fraud/1/explain.json',
      sha256: 'b'.repeat(64),
    });
  });

  it('takes the address where there is no file', () => {
    const { app, config } = office({ ...published, bucket: `'https://models.example'` });
    const sources = modelSources(app, config);
    assert.deepEqual(
      sources.map(({ uri, file }) => [uri, file]),
      [['https://models.example/fraud/1/model.onnx', undefined]],
    );
    assert.deepEqual(missingModels(config, sources).models, config.models);
  });

  it('serves a file although its bucket is known only after deployment', () => {
    const { app, config } = office({ bucket: `late('bucket')` });
    assert.deepEqual(
      modelSources(app, config).map(({ file }) => file),
      [modelFile(1)],
    );
  });

  it('has nothing to fetch where every version has a file', () => {
    const { app, config } = office();
    assert.deepEqual(missingModels(config, modelSources(app, config)).models, []);
  });

  for (const [what, bucket] of [
    ['a claim', `'pvc://models'`],
    ['an address that is known only after deployment', `late('bucket')`],
  ] as const) {
    it(`refuses ${what} without a file`, () => {
      const { app, config } = office({ ...published, bucket });
      assert.throws(
        () => modelSources(app, config),
        /cannot read the weights of some versions; give their ModelArtifact a "file", and its explanation where it has one:\n {2}- fraud\/1: /,
      );
    });
  }
});

describe('linkModels', () => {
  it("links the files into Triton's layout, again and again", async () => {
    const { app, config } = office();
    const repository = join(temporaryFolder(), 'models');
    await linkModels(modelSources(app, config), repository);
    await linkModels(modelSources(app, config), repository);
    const link = join(repository, 'fraud', '1', 'model.onnx');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(readlinkSync(link), modelFile(1));
  });

  it('links the explain.json beside the model that the artifact names it for', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'fraud.json');
    writeFileSync(file, '{"method":"permutation"}');
    const { app, config } = office({
      artifact: `file: ${JSON.stringify(modelFile(1))}, explanation: { file: ${JSON.stringify(file)} }`,
    });
    await linkModels(modelSources(app, config), join(folder, 'models'));
    const link = join(folder, 'models', 'fraud', '1', 'explain.json');
    assert.equal(readlinkSync(link), file);
    const digest = createHash('sha256').update(readFileSync(link)).digest('hex');
    assert.equal(config.models?.[0]?.versions[0]?.explanation?.sha256, digest);
  });
});
