import assert from 'node:assert/strict';
import type { AuditJson } from '@manara/residency';
import { project } from '../support/folders';
import { manara } from '../support/manara';
import { foreignLogs, officeProgram } from '../support/programs';

describe('manara audit', () => {
  it('shows every flow with its verdict, and absent ones with their reason', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stdout, stderr } = await manara(['audit'], { cwd });
    assert.equal(code, 0);
    assert.equal(stderr, 'manara: reading .\n');
    const rows = [...stdout.matchAll(/^ {2}(ok|absent|refused) +(\w+) +shop\/fraud /gm)];
    assert.deepEqual(
      rows.map(([, verdict, kind]) => `${verdict ?? ''} ${kind ?? ''}`),
      [
        'ok artifact',
        'ok image',
        'ok log',
        'absent metric',
        'absent trace',
        'absent backup',
        'absent standby',
      ],
    );
    assert.match(stdout, /^ {2}absent {3}backup .* none: can be trained again$/m);
    assert.match(stdout, /^7 flows: 3 ok, 4 absent with a reason, 0 refused$/m);
    assert.match(stdout, /\n\nRequests and answers .* are not among the flows: .*\n$/);
  });

  it('ends with 1 over a violation, after the whole report', async () => {
    const cwd = project({ 'main.ts': officeProgram({ logs: foreignLogs }) });
    const { code, stdout, stderr } = await manara(['audit'], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}refused {2}log .*aws:eu-west-1/m);
    assert.match(stdout, /^log flow of shop\/fraud: /m);
    assert.match(stdout, /^ {2}rule {4}flow-stays-in-zone/m);
    assert.match(stdout, /7 flows: 2 ok, 4 absent with a reason, 1 refused/);
    assert.match(stderr, /error: main\.ts: 2 residency violations on 1 data flow\n/);
  });

  it('writes JSON that says the same', async () => {
    const good = await manara(['audit', '--json'], {
      cwd: project({ 'main.ts': officeProgram() }),
    });
    assert.equal(good.code, 0);
    const [audit, ...others] = JSON.parse(good.stdout) as readonly AuditJson[];
    assert.equal(others.length, 0);
    assert.equal(audit?.zone, 'shop');
    assert.equal(audit.compliant, true);
    assert.equal(audit.flows.length, 7);

    const bad = await manara(['audit', '--json'], {
      cwd: project({ 'main.ts': officeProgram({ logs: foreignLogs }) }),
    });
    assert.equal(bad.code, 1);
    const [refused] = JSON.parse(bad.stdout) as readonly AuditJson[];
    assert.equal(refused?.compliant, false);
    assert.ok(refused.violations.some(({ rule }) => rule === 'flow-stays-in-zone'));
  });

  it('marks the late addresses that it cannot judge, and judges them with --values', async () => {
    const cwd = project({
      'main.ts': officeProgram({ bucket: `late('model-bucket')` }),
      'here.json': '{"model-bucket": "https://models.example", "vpc": "vpc-1"}',
      'abroad.yaml': 'model-bucket: https://s3.eu-west-1.amazonaws.com/models\n',
    });
    const without = await manara(['audit'], { cwd });
    assert.equal(without.code, 0);
    assert.match(
      without.stdout,
      /^ {2}late {5}artifact .*; not judged yet \(late value model-bucket\)$/m,
    );
    assert.match(
      without.stdout,
      /7 flows: 2 ok, 4 absent with a reason, 0 refused, 1 not judged yet: give .* --values FILE$/m,
    );
    const json = await manara(['audit', '--json'], { cwd });
    const [audit] = JSON.parse(json.stdout) as readonly AuditJson[];
    assert.deepEqual(audit?.flows[0]?.notJudgedYet, ['model-bucket']);
    assert.equal(audit.compliant, false);

    const judged = await manara(['audit', '--values', 'here.json'], { cwd });
    assert.equal(judged.code, 0);
    assert.match(judged.stdout, /7 flows: 3 ok, 4 absent with a reason, 0 refused$/m);
    assert.match(
      judged.stderr,
      /^warning: here\.json: vpc: not used; the program asks for model-bucket$/m,
    );
    const refused = await manara(['audit', '--values', 'abroad.yaml'], { cwd });
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^ {2}rule {4}uri-matches-place/m);
  });

  it('does not call a tree without zones compliant', async () => {
    const cwd = project({ 'main.js': `exports.app = new (require('cdk8s').App)();` });
    const { code, stdout, stderr } = await manara(['audit'], { cwd });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /error: main\.js: the tree holds no ResidencyZone, so nothing was audited/,
    );
  });
});
