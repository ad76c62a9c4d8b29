import assert from 'node:assert/strict';
import type * as constructs from '@manara/constructs';
import { record, recordRefusal } from '@manara/pulumi-testing';
import { ApiObject } from 'cdk8s';
import {
  addToSite,
  type AnySite,
  deploy,
  ImageRegistry,
  none,
  ResidencyZone,
  Site,
} from '../../src';
import { DataClass, Jurisdiction } from '@manara/residency';
import { addSite, tree, type UaePlace } from '../support/tree';

const kind = { cloud: 'aws', name: 'Store' } as const;

/** A component of a cloud puts a ConfigMap into a site. */
function add(site: AnySite<UaePlace>, zone: constructs.ResidencyZone<UaePlace>): void {
  addToSite(kind, { name: 'models', zone, place: 'aws:me-central-1' }, site, {
    type: 'StoreAddress',
    id: 'store',
    build: (scope, id) =>
      new ApiObject(scope, id, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'store' },
        data: { place: scope.place },
      }),
  });
}

const inputs = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'store', namespace: 'bank' },
  data: { place: 'aws:me-central-1' },
};

describe('addToSite', () => {
  it('adds to a site of the tree, which deploy registers', async () => {
    const { app, zone, site } = tree({ endpoints: [] });
    const { registered } = await record(() => {
      add(site, zone);
      deploy(app);
    });
    assert.deepEqual(
      registered.find(({ type }) => type === 'kubernetes:core/v1:ConfigMap')?.inputs,
      inputs,
    );
  });

  it('registers at once what it adds to a site of Pulumi, in its cluster and after its namespace', async () => {
    const { registered } = await record(() => {
      const zone = new ResidencyZone<UaePlace>('bank', {
        jurisdiction: Jurisdiction.AE_ONSHORE,
        places: ['aws:me-central-1', 'azure:uaenorth'],
        data: [DataClass.FINANCIAL],
      });
      const place = 'aws:me-central-1';
      const site = new Site('dubai', {
        zone,
        place,
        images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
        logs: none('a test'),
        metrics: none('a test'),
        traces: none('a test'),
        backup: none('a test'),
      });
      add(site, zone);
    });
    assert.deepEqual(
      registered.filter(({ name }) => name === 'bank/dubai/store'),
      [
        {
          type: 'manara:aws:StoreAddress',
          name: 'bank/dubai/store',
          inputs: {},
          parent: 'dubai',
          provider: '',
          dependsOn: [],
          ignoreChanges: [],
        },
        {
          type: 'kubernetes:core/v1:ConfigMap',
          name: 'bank/dubai/store',
          inputs,
          parent: 'bank/dubai/store',
          provider: '',
          dependsOn: ['bank/dubai/namespace'],
          ignoreChanges: [],
        },
      ],
    );
  });

  it('refuses a site elsewhere, and what is no site, and adds nothing to either', async () => {
    const { zone } = tree({ endpoints: [] });
    const away = addSite(zone, 'north', 'azure:uaenorth');
    const abroad = await recordRefusal(() => {
      add(away, zone);
    });
    assert.equal(
      abroad.message,
      'manara:aws:Store "models": site: expected one of zone "bank" at aws:me-central-1; received one of that zone at azure:uaenorth (MANARA_PLACE)',
    );
    assert.equal(away.node.tryFindChild('store'), undefined);
    const none = await recordRefusal(() => {
      add('dubai' as unknown as AnySite<UaePlace>, zone);
    });
    assert.equal(
      none.message,
      'manara:aws:Store "models": site: expected a Site of @manara/constructs or of @manara/pulumi; received "dubai" (MANARA_ARGS)',
    );
    assert.deepEqual([...abroad.registered, ...none.registered], []);
  });
});
