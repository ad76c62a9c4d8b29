import assert from 'node:assert/strict';
import { auditTree, dataFlows, type ResidencyZone } from '@manara/constructs';
import { record, recordRefusal } from '@manara/pulumi-testing';
import { CloudComponent, type CloudComponentArgs, storageFlow } from '../../src';
import { tree, type UaePlace } from '../support/tree';

class Store extends CloudComponent<UaePlace> {
  constructor(name: string, args: CloudComponentArgs<UaePlace>) {
    super({ cloud: 'aws', name: 'Store' }, name, args, (self) => [
      storageFlow(self, 'store', args.zone.data),
    ]);
  }
}

const flowsOf = (zone: ResidencyZone) => auditTree(zone).flatMap(({ flows }) => flows);

describe('CloudComponent', () => {
  it('is a component in Pulumi, and knows its region', async () => {
    const { zone } = tree();
    const { registered, result } = await record(
      () => new Store('models', { zone, place: 'aws:me-central-1' }),
    );
    assert.deepEqual(
      registered.map(({ type, name }) => [type, name]),
      [['manara:aws:Store', 'models']],
    );
    assert.equal(result.region, 'me-central-1');
    assert.equal(result.place, 'aws:me-central-1');
  });

  it('is a node of the tree, whose flows are audited with all others', async () => {
    const { zone } = tree();
    await record(() => new Store('models', { zone, place: 'aws:me-central-1' }));
    assert.deepEqual(
      flowsOf(zone).filter(({ kind }) => kind === 'storage'),
      [
        {
          status: 'declared',
          kind: 'storage',
          owner: 'bank/aws:Store:models',
          dataClasses: zone.data,
          from: { name: 'store models', place: 'aws:me-central-1' },
          to: { name: 'store models', place: 'aws:me-central-1' },
          encryption: 'local',
        },
      ],
    );
  });

  it('is refused outside its zone before anything is registered, and is no node then', async () => {
    const { zone } = tree();
    // A cast, or plain JavaScript.
    const place = 'aws:eu-west-1' as UaePlace;
    const { registered, message } = await recordRefusal(() => new Store('models', { zone, place }));
    assert.deepEqual(registered, []);
    assert.match(
      message,
      /storage flow of bank\/aws:Store:models: .*aws:eu-west-1, outside zone "bank"/,
    );
    assert.match(message, /rule {4}flow-stays-in-zone/);
    assert.match(message, /\(MANARA_RESIDENCY\)$/);
    assert.deepEqual(
      flowsOf(zone).filter(({ kind }) => kind === 'storage'),
      [],
    );
  });

  it('is refused at a place of another cloud', async () => {
    const { zone } = tree();
    const { registered, message } = await recordRefusal(
      () => new Store('models', { zone, place: 'azure:uaenorth' }),
    );
    assert.deepEqual(registered, []);
    assert.equal(
      message,
      'manara:aws:Store "models": place: expected a region of aws; received "azure:uaenorth" (MANARA_PLACE)',
    );
  });

  it('is refused with the name of another of its kind', async () => {
    const { zone } = tree();
    const { registered, message } = await recordRefusal(() => {
      new Store('models', { zone, place: 'aws:me-central-1' });
      new Store('models', { zone, place: 'aws:me-central-1' });
    });
    assert.equal(registered.length, 1);
    assert.match(message, /expected a name that no other has in zone "bank" \(MANARA_NAME\)$/);
  });

  it('declares its flows under the key that two copies of the package share', async () => {
    const { zone } = tree();
    await record(() => new Store('models', { zone, place: 'aws:me-central-1' }));
    const node = zone.node.tryFindChild('aws:Store:models');
    assert(node !== undefined && dataFlows in node);
  });
});
