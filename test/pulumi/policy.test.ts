import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { writeKubeconfig } from '../bed/kubeconfig';
import { repositoryRoot } from '../support/paths';
import { leadEksToBed } from './bed-logins';
import { Engine, engineBinaries } from './engine';
import { policyPack } from './policy-pack';
import { projectFolder } from './project-folder';
import { type Outcome, Stack } from './stack';

/**
 * `examples/policy` with the real engine. One preview holds many resources that leave the zone, each in
 * one way: every one of these violations is mandatory, so any of them alone ends the preview.
 */
describe('the policy pack with the real engine', function () {
  this.timeout(240_000);
  let engine: Engine;
  let plane: ControlPlane;
  let stack: Stack;
  let policies: readonly string[];

  const preview = async (program: string): Promise<Outcome> => {
    await stack.command('config', 'set', 'program', program);
    return stack.preview({ args: policies });
  };

  before(async function () {
    this.timeout(0);
    const planeParts = controlPlaneBinaries();
    const engineParts = engineBinaries();
    if (planeParts === undefined || engineParts === undefined) return this.skip();
    plane = await ControlPlane.start(planeParts);
    engine = Engine.create(engineParts);
    leadEksToBed(engine, plane.address);
    const kubeconfig = join(engine.folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, { cluster: plane.address }, 'cluster');
    policies = ['--policy-pack', policyPack(engine)];
    const source = join(repositoryRoot, 'test', 'pulumi', 'policed');
    const folder = projectFolder(engine, source, { links: ['test'] });
    const identity = { folder, project: 'policed', name: 'dev' };
    stack = await Stack.create(engine, identity, { KUBECONFIG: kubeconfig });
    await stack.command('config', 'set', 'aws:region', 'me-central-1');
  });

  after(async () => {
    (engine as Engine | undefined)?.remove();
    await (plane as ControlPlane | undefined)?.stop();
  });

  it('stops a preview of resources that somebody wrote without Manara', async () => {
    assertStopped(await preview('plain'), {
      // A bucket in another region.
      abroad: ['flow-stays-in-zone', 'pdpl-transfer-basis'],
      // Replication: of objects, and of images.
      replica: ['replication-target-is-known'],
      images: ['flow-stays-in-zone', 'pdpl-transfer-basis'],
      // A copy in the region's pair, in the UAE and outside the zone.
      account: ['flow-stays-in-zone'],
      key: ['kms-key-is-single-region'],
      // Public is what an EKS cluster is by default.
      cluster: ['eks-endpoint-is-private'],
      profile: ['inference-stays-in-region'],
      // An image from a public registry: in ECS, and in Kubernetes.
      task: ['known-host-is-in-zone'],
      scorer: ['known-host-is-in-zone'],
    });
  });

  it('stops a preview of our components whose inputs a transformation changes', async () => {
    assertStopped(await preview('broken'), {
      'models-audit': ['flow-stays-in-zone', 'pdpl-transfer-basis'],
      'images-replication': ['flow-stays-in-zone', 'pdpl-transfer-basis'],
      'keys-models': ['kms-key-is-single-region'],
      dubai: ['eks-endpoint-is-private'],
      'bank/dubai-site/churn/deployment': ['inference-stays-in-region', 'known-host-is-in-zone'],
      aks: ['aks-api-server-is-private'],
      // Public: the registry.
      images: ['public-network-access-is-off'],
      // Objects of the bucket to an unknown one; blobs of the account to the region's pair.
      models: ['flow-stays-in-zone', 'replication-target-is-known'],
    });
  });

  it('does not see what our components refuse themselves', async () => {
    const { exitCode, messages, violations } = await preview('refused');
    assert.notEqual(exitCode, 0);
    assert.deepEqual(violations, []);
    assert.doesNotMatch(messages, /was not refused/);
    assert.match(
      messages,
      /ModelBucket[^]*at aws:eu-west-1, outside zone "bank"[^]*\(MANARA_RESIDENCY\)/,
    );
    assert.match(messages, /docker\.io[^]*\(MANARA_RESIDENCY\)/);
  });

  it('has nothing against our components, neither in a preview nor once every value is known', async () => {
    const before = await preview('everything');
    assert.ok(before.succeeded, before.messages);
    assert.deepEqual(before.violations, []);
    const up = await stack.up({ args: policies });
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.violations, []);
    assert.deepEqual(up.changes, before.changes);
  });
});

/** Asserts that mandatory violations, these and no others by resource and policy, ended a preview. */
function assertStopped(
  { exitCode, violations, messages }: Outcome,
  expected: Readonly<Record<string, readonly string[]>>,
): void {
  assert.notEqual(exitCode, 0, messages);
  assert.match(messages, /error: preview failed/);
  const found = new Map<string, Set<string>>();
  for (const { level, policy, name, message } of violations) {
    assert.equal(level, 'mandatory', message);
    assert.match(message, /\nfix: /);
    found.set(name, (found.get(name) ?? new Set()).add(policy));
  }
  const sorted = [...found].map(([name, policies]) => [name, [...policies].sort()] as const);
  assert.deepEqual(Object.fromEntries(sorted), expected);
}
