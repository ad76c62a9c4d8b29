import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { manifestFiles } from '@manara/constructs';
import { loadProgram } from '../../src/load-program';
import { synthesize } from '../../src/synth/synthesize';
import { project } from '../support/folders';
import { foreignLogs, officeProgram } from '../support/programs';

describe('synthesize', () => {
  it('writes what the constructs lower to, one folder a site, one file an endpoint', async () => {
    const folder = project({ 'main.ts': officeProgram() });
    const program = loadProgram(folder);
    const output = join(folder, 'dist');
    const { files, folders } = await synthesize(program, { output });
    assert.deepEqual(folders, ['office']);
    assert.deepEqual(
      files.map((file) => file.path),
      ['office/00-site.yaml', 'office/fraud.yaml'],
    );
    for (const { folder: site, name, documents } of manifestFiles(program.app)) {
      const text = readFileSync(join(output, site, name), 'utf8');
      const read = [...parseAllDocuments(text, { version: '1.1' })].map((d) => d.toJS() as unknown);
      assert.deepEqual(read, documents);
      assert.equal(files.find((file) => file.path.endsWith(name))?.documents, documents.length);
    }
  });

  it('fills late values in', async () => {
    const source = officeProgram({ bucket: `late('model-bucket')` });
    const folder = project({ 'main.ts': source });
    const output = join(folder, 'dist');
    const values = { 'model-bucket': 's3://bank-models' };
    await synthesize(loadProgram(folder), { output, values });
    assert.match(
      readFileSync(join(output, 'office', 'fraud.yaml'), 'utf8'),
      /"uri": "s3:\/\/bank-models\/fraud\/1\/model\.onnx"/,
    );
  });

  it('names the late values that are missing, and writes nothing', async () => {
    const folder = project({ 'main.ts': officeProgram({ bucket: `late('model-bucket')` }) });
    const output = join(folder, 'dist');
    await assert.rejects(synthesize(loadProgram(folder), { output }), /expected model-bucket/);
    assert.equal(existsSync(output), false);
  });

  it('tells a residency violation with its rule, source and fix, and writes nothing', async () => {
    const folder = project({ 'main.ts': officeProgram({ logs: foreignLogs }) });
    const output = join(folder, 'dist');
    await assert.rejects(synthesize(loadProgram(folder), { output }), (error: Error) => {
      assert.match(error.message, /main\.ts is refused: 2 residency violations on 1 data flow/);
      assert.match(error.message, /log flow of shop\/fraud: .*aws:eu-west-1/);
      assert.match(error.message, /\n {2}rule {4}flow-stays-in-zone: /);
      assert.match(error.message, /\n {2}source {2}/);
      assert.match(error.message, /\n {2}fix {5}/);
      return true;
    });
    assert.equal(existsSync(output), false);
  });

  it('passes on what other validations find', async () => {
    const more = `office.node.addValidation({ validate: () => ['the moon is wrong'] });`;
    const folder = project({ 'main.ts': officeProgram({ more }) });
    await assert.rejects(
      synthesize(loadProgram(folder), { output: join(folder, 'dist') }),
      /main\.ts is refused: .*\n.*the moon is wrong/,
    );
  });

  it('refuses a tree without objects', async () => {
    const folder = project({
      'main.ts': `import { App } from 'cdk8s'; export const app = new App();`,
    });
    await assert.rejects(
      synthesize(loadProgram(folder), { output: join(folder, 'dist') }),
      /the tree holds no Kubernetes object; add a Site/,
    );
  });
});
