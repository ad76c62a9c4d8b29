import assert from 'node:assert/strict';
import type { WorkloadPlan } from '@manara/constructs';
import { project } from '../support/folders';
import { manara } from '../support/manara';
import { officeProgram } from '../support/programs';

describe('manara plan', () => {
  it('shows the replicas of each endpoint on each site, and why', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stdout, stderr } = await manara(['plan'], { cwd });
    assert.equal(code, 0);
    assert.equal(stderr, 'manara: reading .\n');
    assert.match(stdout, /^endpoint +site +replicas +peak +held at +spare +cold start/);
    assert.match(
      stdout,
      /^shop\/fraud +\S+ +\d+ to \d+ +\d+ +\S+\/s, \d+ % CPU +\d+ +\d+ s +\d+ s +hpa$/m,
    );
    assert.match(stdout, /^shop\/fraud on \S+$/m);
    assert.match(stdout, /^ {2}A replica answers .* requests\/s with a p99 of/m);
    assert.match(stdout, /^ {2}New replicas answer \d+ s after the traffic changed/m);
    assert.match(stdout, /^ {2}At least \d: /m);
  });

  it('writes JSON with the plans and what they were made from', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stdout } = await manara(['plan', '--json'], { cwd });
    assert.equal(code, 0);
    const written = JSON.parse(stdout) as { version: number; plans: readonly WorkloadPlan[] };
    assert.equal(written.version, 1);
    const [plan, ...others] = written.plans;
    assert.deepEqual(others, []);
    assert.equal(plan?.endpoint, 'shop/fraud');
    assert.equal(plan.idleReplicas, plan.plan.minReplicas);
    assert.equal(plan.demand.coldStart.loadSeconds, plan.plan.coldStart.loadSeconds);
    assert(plan.plan.why.length >= 6);
  });

  it('says so where there is nothing to plan', async () => {
    const cwd = project({ 'main.js': `exports.app = new (require('cdk8s').App)();` });
    const { code, stderr } = await manara(['plan'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /error: main\.js: the tree holds no ModelEndpoint, so nothing is planned/);
  });

  it('ends with 1 over an objective that cannot be met, with the nearest that can', async () => {
    const slow = officeProgram().replace(
      'ServingEngine.onnx()',
      'ServingEngine.onnx({ serviceTimeMicros: 9e6 })',
    );
    const { code, stderr } = await manara(['plan'], { cwd: project({ 'main.ts': slow }) });
    assert.equal(code, 1);
    assert.match(stderr, /cannot be met: .*; the nearest that can is \d+ ms \(MANARA_OBJECTIVE\)/);
  });
});
