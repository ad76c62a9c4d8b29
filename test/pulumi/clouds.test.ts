import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as aws from '@manara/aws';
import * as azure from '@manara/azure';
import { ComponentResource } from '@pulumi/pulumi';
import { bedBinaries } from '../bed/binaries';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { repositoryRoot } from '../support/paths';
import { leadEksToBed } from './bed-logins';
import { account } from './cloud-providers/aws/kind';
import type { Recorded, RecordedCloud } from './cloud-providers/recorded-cloud';
import { Engine, engineBinaries } from './engine';
import { projectFolder } from './project-folder';
import { type Outcome, Stack } from './stack';

const nodeGroup = 'aws:eks/nodeGroup:NodeGroup';
const agentPool = 'azure-native:containerservice:AgentPool';

/** The object of `EfaDevicePlugin`. */
const efaPlugin = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'efa', namespace: 'kube-system' },
};
const registry = `${account}.dkr.ecr.me-central-1.amazonaws.com`;

interface PodSpec {
  readonly containers: readonly { readonly image: string }[];
}

const quotas = [
  {
    cloud: 'aws',
    type: nodeGroup,
    limit:
      'VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 0 allows',
  },
  {
    cloud: 'azure',
    type: agentPool,
    limit:
      'Code="ErrCode_InsufficientVCPUQuota" Message="Insufficient vcpu quota requested 24, remaining 0"',
  },
] as const;

/**
 * The life of a stack of every component of both clouds, and what may go wrong in it. What a component
 * puts into a cluster of AWS is made in a real one. In order: each test goes on where the last one ended.
 */
describe('every component of both clouds with the real engine', function () {
  this.timeout(240_000);
  let engine: Engine;
  let plane: ControlPlane;
  let stack: Stack;
  let clouds: readonly RecordedCloud[];
  let resources: number;

  const recorded = (): readonly Recorded[] => clouds.flatMap((cloud) => cloud.resources);

  /** Whatever the clouds hold is in the state, by the same id: nothing is lost. */
  const assertNothingLost = (): void => {
    const ids = new Map(stack.state.resources?.map(({ urn, id }) => [urn, id]));
    for (const { urn, id } of recorded()) assert.equal(ids.get(urn), id, urn);
  };

  before(async function () {
    this.timeout(0);
    const binaries = engineBinaries();
    const planeBinaries = controlPlaneBinaries();
    const controllers = bedBinaries('kube-controller-manager');
    if (binaries === undefined || planeBinaries === undefined || controllers === undefined) {
      return this.skip();
    }
    engine = Engine.create(binaries);
    plane = await ControlPlane.start({ ...planeBinaries, ...controllers });
    leadEksToBed(engine, plane.address);
    clouds = [engine.aws, engine.azure];
    const source = join(repositoryRoot, 'test', 'pulumi', 'clouds');
    const folder = projectFolder(engine, source, { links: ['test'] });
    stack = await Stack.create(engine, { folder, project: 'clouds', name: 'dev' });
    await stack.command('config', 'set', 'aws:region', 'me-central-1');
    await stack.command('config', 'set', 'maxNodes', '2');
  });

  after(async () => {
    await (plane as ControlPlane | undefined)?.stop();
    (engine as Engine | undefined)?.remove();
  });

  for (const [cloud, says] of [
    ['aws', /property vpcConfig\.subnetIds\[0\] .*: expected string; received 7/],
    ['azure', /property accessTier .*: expected "Hot" \| "Cool" \| .*; received "Warm"/],
  ] as const) {
    it(`says in the preview which input does not fit the types of ${cloud}`, async () => {
      await stack.command('config', 'set', 'misfit', cloud);
      const { succeeded, messages } = await stack.preview();
      await stack.command('config', 'rm', 'misfit');
      assert.ok(!succeeded);
      assert.match(messages, says);
    });
  }

  it('previews them all, with inputs that fit the published types, and makes none', async () => {
    const preview = await stack.preview();
    assert.ok(preview.succeeded, preview.messages);
    assert.deepEqual(Object.keys(preview.changes), ['create']);
    resources = preview.changes.create!;
    assert.deepEqual(recorded(), []);
  });

  it('says that a credential expired while it made them, and loses nothing', async () => {
    engine.aws.expireAfter(40);
    const up = await stack.up();
    assert.ok(!up.succeeded);
    assert.match(
      up.messages,
      /ExpiredToken: The security token included in the request is expired/,
    );
    assert.equal(engine.aws.resources.length, 40);
    assertNothingLost();
    engine.aws.renewCredential();
  });

  it('says which quotas are missing, and loses nothing', async () => {
    for (const { cloud, type, limit } of quotas) engine[cloud].exhaust(type, limit);
    // The engine stops at the first: which of the two clouds comes so far first is not known.
    const missing = new Set(quotas);
    while (missing.size > 0) {
      const up = await stack.up();
      assert.ok(!up.succeeded);
      const types = [...missing].map(({ type }) => type as string);
      assert.deepEqual(
        recorded().filter((one) => types.includes(one.type)),
        [],
      );
      assertNothingLost();
      const said = [...missing].filter(({ limit }) => up.messages.includes(`error: ${limit}`));
      assert.notEqual(said.length, 0, up.messages);
      for (const quota of said) {
        engine[quota.cloud].grantQuotas();
        missing.delete(quota);
      }
    }
  });

  it('makes the rest, and nothing twice', async () => {
    const up = await stack.up();
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(Object.keys(up.changes).sort(), ['create', 'same']);
    assert.equal(up.changes.create! + up.changes.same!, resources);
    const types = new Set(stack.state.resources?.map(({ urn }) => typeOf(urn)));
    for (const component of components) assert.ok(types.has(component), component);
    assertNothingLost();
    const made = clouds.flatMap((cloud) => cloud.journal);
    assert.ok(made.every(({ op }) => op === 'create'));
    assert.equal(new Set(made.map(({ urn }) => urn)).size, made.length);
  });

  it('made what the nodes of EKS run, through the cluster’s own provider', async () => {
    const { spec } = await plane.api.get(efaPlugin);
    const { template } = spec as { readonly template: { readonly spec: PodSpec } };
    assert.deepEqual(
      template.spec.containers.map(({ image }) => image),
      [`${registry}/images/aws-efa-k8s-device-plugin:v0.5.20`],
    );
  });

  it('changes nothing when it runs again', async () => {
    const up = await stack.up();
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { same: resources });
  });

  it('finds nothing to refresh', async () => {
    const refresh = await stack.refresh();
    assert.ok(refresh.succeeded, refresh.messages);
    assert.deepEqual(refresh.operations, []);
  });

  it('previews a change as it will be, and makes the rest of it after a credential expired', async () => {
    await stack.command('config', 'set', 'maxNodes', '3');
    const preview = await stack.preview();
    assert.deepEqual(updates(preview), [
      `update ${nodeGroup} p5: scalingConfig.maxSize`,
      `update ${nodeGroup} web: scalingConfig.maxSize`,
      `update ${agentPool} gpu: maxCount`,
      `update ${agentPool} web: maxCount`,
    ]);
    engine.aws.expireAfter(1);
    const lost = await stack.up();
    assert.ok(!lost.succeeded);
    assert.match(lost.messages, /ExpiredToken:/);
    engine.aws.renewCredential();
    const rest = await stack.up();
    assert.ok(rest.succeeded, rest.messages);
    const written = clouds.flatMap((cloud) => cloud.journal.filter(({ op }) => op === 'update'));
    assert.deepEqual(written.map(({ type, name }) => `${type} ${name}`).sort(), [
      `${nodeGroup} p5`,
      `${nodeGroup} web`,
      `${agentPool} gpu`,
      `${agentPool} web`,
    ]);
  });

  it('leaves nothing behind when it is destroyed', async () => {
    const destroy = await stack.destroy();
    assert.ok(destroy.succeeded, destroy.messages);
    assert.deepEqual(recorded(), []);
    await assert.rejects(plane.api.get(efaPlugin), /not found/);
    assert.deepEqual(stack.state.resources ?? [], []);
  });
});

/** Every class of component that the packages export: one that comes later has to be in the program too. */
const components = Object.entries({ aws, azure }).flatMap(([cloud, exported]) =>
  Object.entries(exported)
    .filter(([, value]) => isComponent(value))
    .map(([name]) => `manara:${cloud}:${name}`)
    .filter((type) => !/:(Aws|Azure)Component$/.test(type)),
);

function isComponent(exported: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(ComponentResource, exported as object);
}

/** The last type in `urn:pulumi:dev::project::parent$type::name`. */
function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? '';
}

/** What the clouds will be asked to change. */
function updates({ operations }: Outcome): readonly string[] {
  return operations
    .filter(({ type }) => /^(aws|azure-native):/.test(type))
    .map(({ op, type, name, fields }) => `${op} ${type} ${name}: ${fields.join(' ')}`)
    .sort();
}
