import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { writeKubeconfig } from '../bed/kubeconfig';
import { Engine, engineBinaries } from '../pulumi/engine';
import { type PreviewCost, previewCost } from '../pulumi/preview-cost';
import { Stack } from '../pulumi/stack';
import { repositoryRoot } from '../support/paths';
import { type Manifest, publicWorkspaces } from '../support/workspaces';
import { npm } from './npm';
import { tarballsOf } from './tarballs';

const source = join(repositoryRoot, 'examples', 'import-into-your-repo');

/** A repository that is none of ours: a copy of the example out of the tree, with packed tarballs. */
describe('examples/import-into-your-repo', function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'manara-outsider-'));
  const project = join(folder, 'payments-platform');
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  ) as Manifest;

  before(() => {
    cpSync(source, project, {
      recursive: true,
      filter: (path) => !['node_modules', 'build', 'package-lock.json'].includes(basename(path)),
    });
    // Install scripts fetch binaries from elsewhere: providers, which the Pulumi CLI fetches too.
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    npm(project, 'install', ...flags, ...tarballsOf(Object.keys(dependencies)));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks for the version that is packed', () => {
    for (const { manifest } of publicWorkspaces()) {
      const range = dependencies[manifest.name];
      assert.ok(
        range === undefined || range === `^${manifest.version}`,
        `${manifest.name} ${String(range)}`,
      );
    }
  });

  it('brings what it imports, and neither a server of models nor another cloud', () => {
    const modules = join(project, 'node_modules');
    for (const name of ['@manara/aws', '@manara/pulumi', '@manara/constructs']) {
      assert.ok(existsSync(join(modules, name, 'build', 'src', 'index.js')), name);
    }
    for (const name of ['onnxruntime-node', '@manara/runtime', '@pulumi/azure-native']) {
      assert.ok(!existsSync(join(modules, name)), name);
    }
  });

  it('compiles, and passes its own test', () => {
    assert.match(npm(project, 'test'), /^ +4 passing/m);
  });

  describe('with the real engine', () => {
    let plane: ControlPlane;
    let engine: Engine;
    let stack: Stack;

    before(async function () {
      const planeParts = controlPlaneBinaries();
      const engineParts = engineBinaries();
      if (planeParts === undefined || engineParts === undefined) return this.skip();
      plane = await ControlPlane.start(planeParts);
      engine = Engine.create(engineParts);
      const kubeconfig = join(engine.folder, 'kubeconfig');
      writeKubeconfig(kubeconfig, { dubai: plane.address });
      const identity = { folder: project, project: 'payments-platform', name: 'dev' };
      stack = await Stack.create(engine, identity, { KUBECONFIG: kubeconfig });
      for (const [key, value] of Object.entries(config)) {
        await stack.command('config', 'set', key, value);
      }
    });

    after(async () => {
      await (plane as ControlPlane | undefined)?.stop();
      (engine as Engine | undefined)?.remove();
    });

    it('previews within the time and memory that docs/pulumi.md states', async () => {
      const cost = await previewCost(stack);
      console.log(`    ${described(cost)}`);
      const types = cost.outcome.operations.map(({ op, type }) => `${op} ${type}`);
      for (const type of ['aws:s3/bucket:Bucket', 'kubernetes:apps/v1:Deployment']) {
        assert.ok(types.filter((made) => made === `create ${type}`).length >= 2, type);
      }
      assert.ok(cost.programSeconds < 10 && cost.programMebibytes < 320, described(cost));
    });
  });
});

const account = '111122223333';

const config = {
  'aws:region': 'me-central-1',
  context: 'dubai',
  images: `${account}.dkr.ecr.me-central-1.amazonaws.com`,
  oidcProvider: `arn:aws:iam::${account}:oidc-provider/oidc.eks.me-central-1.amazonaws.com/id/ABCD`,
};

function described(cost: PreviewCost): string {
  const { outcome, seconds, programSeconds, programMebibytes, mebibytes } = cost;
  return [
    `${String(outcome.changes.create)} resources in ${seconds.toFixed(1)} s`,
    `the program ${programSeconds.toFixed(1)} s of CPU and ${programMebibytes.toFixed(0)} MiB`,
    `all processes ${mebibytes.toFixed(0)} MiB`,
  ].join('; ');
}
