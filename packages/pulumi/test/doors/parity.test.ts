import assert from 'node:assert/strict';
import * as constructs from '@manara/constructs';
import { record, type Registered } from '@manara/pulumi-testing';
import { Construct } from 'constructs';
import * as doors from '../../src';
import { replay } from '../support/doors';
import { tree } from '../support/tree';

type Class = (abstract new (...args: never) => unknown) & { readonly prototype: unknown };

function isConstructClass(value: unknown): value is Class {
  return typeof value === 'function' && (value as Class).prototype instanceof Construct;
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
    assert.deepEqual(names.sort(), ['ModelEndpoint', 'ResidencyZone', 'Site']);
    assert.deepEqual(
      names.filter((name) => !(name in doors)),
      [],
    );
  });

  it('make the same objects as deploy() of the tree', async () => {
    const { app } = tree({ endpoints: ['fraud', 'credit'] });
    const deployed = await record(() => doors.deploy(app));
    const replayed = await record(() => {
      replay(app);
    });
    assert.equal(objectsOf(deployed.registered).length, 16);
    assert.deepEqual(objectsOf(replayed.registered), objectsOf(deployed.registered));
  });
});
