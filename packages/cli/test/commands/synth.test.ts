import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../support/folders';
import { manara } from '../support/manara';
import { foreignLogs, officeProgram } from '../support/programs';

describe('manara synth', () => {
  it('lists the files and the next command on standard output, progress on the other', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stdout, stderr } = await manara(['synth'], { cwd });
    assert.equal(code, 0);
    assert.equal(
      stdout,
      [
        'dist/office/00-site.yaml 2 objects',
        'dist/office/fraud.yaml 6 objects',
        '',
        'Next: apply it',
        '  kubectl apply -f dist/office',
        '',
      ].join('\n'),
    );
    assert.match(stderr, /^manara: reading \.\nmanara: validating/);
    assert.ok(existsSync(join(cwd, 'dist', 'office', 'fraud.yaml')));
  });

  it('takes the output relative to the working directory, not to DIR', async () => {
    const cwd = project({ 'shop/main.ts': officeProgram() });
    const { code } = await manara(['synth', 'shop', '--output', 'out'], { cwd });
    assert.equal(code, 0);
    assert.ok(existsSync(join(cwd, 'out', 'office', 'fraud.yaml')));
    assert.equal(existsSync(join(cwd, 'shop', 'out')), false);
  });

  it('says which files went', async () => {
    const cwd = project({
      'main.js': `require('tsx/cjs'); module.exports = require(process.env.WHICH);`,
      'one.ts': officeProgram(),
      'two.ts': officeProgram({ endpoint: 'scoring' }),
    });
    await manara(['synth'], { cwd, env: { WHICH: './one.ts' } });
    const { code, stdout } = await manara(['synth'], { cwd, env: { WHICH: './two.ts' } });
    assert.equal(code, 0);
    assert.match(stdout, /^dist\/office\/fraud\.yaml removed$/m);
    assert.equal(existsSync(join(cwd, 'dist', 'office', 'fraud.yaml')), false);
  });

  it('fills late values from a file', async () => {
    const cwd = project({
      'main.ts': officeProgram({ bucket: `late('model-bucket')` }),
      'values.json': '{"model-bucket": "s3://bank-models"}',
    });
    const { code } = await manara(['synth', '--values', 'values.json'], { cwd });
    assert.equal(code, 0);
    const yaml = readFileSync(join(cwd, 'dist', 'office', 'fraud.yaml'), 'utf8');
    assert.ok(yaml.includes('s3://bank-models/fraud/1/model.onnx'));
    assert.equal(yaml.includes('${late:'), false);
  });

  it('says which late values it lacks, which it received, and how to give them', async () => {
    const cwd = project({
      'main.ts': officeProgram({ bucket: `late('model-bucket')` }),
      'values.json': '{"model-buckt": "s3://bank-models"}',
    });
    const { code, stderr } = await manara(['synth', '--values', 'values.json'], { cwd });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^warning: values\.json: model-buckt: not used; the program asks for model-bucket$/m,
    );
    assert.match(stderr, /expected model-bucket, .*; received only model-buckt; .*--values FILE/);
  });

  it('tells late values that break a rule as it tells all violations', async () => {
    const cwd = project({
      'main.ts': officeProgram({ bucket: `late('model-bucket')` }),
      'values.json': '{"model-bucket": "https://s3.eu-west-1.amazonaws.com/models"}',
    });
    const { code, stderr } = await manara(['synth', '--values', 'values.json'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /is refused: 1 residency violation on 1 data flow\n\nartifact flow of/);
    assert.equal(existsSync(join(cwd, 'dist')), false);
  });

  it('ends with 1 over a violation, and with nothing written', async () => {
    const cwd = project({ 'main.ts': officeProgram({ logs: foreignLogs }) });
    const { code, stdout, stderr } = await manara(['synth'], { cwd });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /error: main\.ts is refused: 2 residency violations on 1 data flow\n\nlog flow of shop\/fraud: /,
    );
    assert.equal(existsSync(join(cwd, 'dist')), false);
  });
});

const pulumiYaml = 'name: shop\nruntime: nodejs\n';

/** A program of Pulumi whose bucket is known only after deployment; its name is in the stack's file. */
const pulumiProgram = `${officeProgram({
  bucket: `'pvc://' + late('claim', output(new Config().require('claim')))`,
})}
import { Config, output } from '@pulumi/pulumi';
import { deploy } from '@manara/pulumi';
export const { values } = deploy(app);
`;

describe('manara synth of a program of Pulumi', () => {
  const files = {
    'Pulumi.yaml': pulumiYaml,
    'Pulumi.dev.yaml': 'config:\n  shop:claim: weights\n',
    'index.ts': pulumiProgram,
    'values.json': '{"claim":"weights"}',
  };

  it('writes what the stack’s outputs say, as if they had been known early', async () => {
    const cwd = project({
      ...files,
      'early/main.ts': officeProgram({ bucket: `'pvc://weights'` }),
    });
    const args = ['synth', '--stack', 'dev', '--values', 'values.json', '-o', 'late-out'];
    const { code, stderr } = await manara(args, { cwd });
    assert.equal(code, 0, stderr);
    assert.equal((await manara(['synth', 'early', '-o', 'early-out'], { cwd })).code, 0);
    for (const name of ['00-site.yaml', 'fraud.yaml']) {
      const written = readFileSync(join(cwd, 'late-out', 'office', name), 'utf8');
      assert.equal(written, readFileSync(join(cwd, 'early-out', 'office', name), 'utf8'));
    }
    assert.match(readFileSync(join(cwd, 'late-out', 'office', 'fraud.yaml'), 'utf8'), /weights/);
  });

  it('asks for the values, and writes nothing without them', async () => {
    const cwd = project(files);
    const { code, stderr } = await manara(['synth', '--stack', 'dev'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /values: expected claim, known only after deployment; received none/);
    assert.equal(existsSync(join(cwd, 'dist')), false);
  });

  it('refuses a stack where there is no program of Pulumi', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stderr } = await manara(['synth', '--stack', 'dev'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /--stack: expected a Pulumi\.yaml in "\.", found none/);
  });

  it('refuses several trees, whose files would lie in each other’s way', async () => {
    const more = `import { App as Other } from 'cdk8s'; deploy(new Other());`;
    const cwd = project({ ...files, 'index.ts': `${pulumiProgram}${more}` });
    const args = ['synth', '--stack', 'dev', '--values', 'values.json'];
    const { code, stderr } = await manara(args, { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /index\.ts: expected one App of cdk8s, .*; found 2 trees/);
  });
});
