import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import * as constructs from '@manara/constructs';
import * as doors from '@manara/pulumi';
import { record, type Registered } from '@manara/pulumi-testing';
import { Provider } from '@pulumi/kubernetes/provider';
import type { App } from 'cdk8s';
import { Construct } from 'constructs';
import { exampleFolders } from '../support/examples';
import { replay } from '../support/replay';

type Class = (abstract new (...args: never) => unknown) & { readonly prototype: unknown };

function isConstructClass(value: unknown): value is Class {
  return typeof value === 'function' && (value as Class).prototype instanceof Construct;
}

/** Every example that exports a tree, by its folder: one that is added is compared too. */
function exampleApps(): readonly (readonly [name: string, app: App])[] {
  const load = createRequire(__filename);
  return exampleFolders().map((folder) => [
    basename(folder),
    (load(join(folder, 'build', 'main.js')) as { readonly app: App }).app,
  ]);
}

/** Kubernetes objects as they would reach the API server, in no order. */
function objectsOf(registered: readonly Registered[]): readonly unknown[] {
  const inputs = registered
    .filter(({ type }) => type.startsWith('kubernetes:'))
    .map((r) => JSON.stringify(r.inputs));
  return inputs.sort().map((text) => JSON.parse(text) as unknown);
}

describe('the doors for Pulumi', () => {
  it('are as many as the constructs', () => {
    const names = Object.entries(constructs)
      .filter(([, value]) => isConstructClass(value))
      .map(([name]) => name);
    assert.deepEqual(names.sort(), ['ModelEndpoint', 'ResidencyZone', 'ServingStack', 'Site']);
    assert.deepEqual(
      names.filter((name) => !(name in doors)),
      [],
    );
  });

  for (const [name, app] of exampleApps()) {
    it(`make the same objects as deploy() of examples/${name}`, async () => {
      const deployed = await record(() => {
        doors.deploy(app, { provider: new Provider('cluster', { context: 'any' }) });
      });
      const replayed = await record(() => {
        replay(app);
      });
      const objects = objectsOf(deployed.registered);
      assert(objects.length >= 9);
      assert.deepEqual(objectsOf(replayed.registered), objects);
    });
  }
});
