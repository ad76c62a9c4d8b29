import assert from 'node:assert/strict';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';
import { ResidencyZone } from '../src';
import { refuses } from './support/errors';
import { newZone, untyped } from './support/fixtures';

describe('ResidencyZone', () => {
  it('is what the rules read of it', () => {
    const zone = newZone();
    assert.equal(zone.name, 'bank');
    assert.equal(zone.jurisdiction, Jurisdiction.AE_ONSHORE);
    assert.deepEqual(zone.places, ['aws:me-central-1', 'azure:uaenorth']);
    assert.deepEqual(zone.data, [DataClass.PERSONAL]);
    assert.deepEqual(zone.onPremises, {});
    assert.deepEqual(zone.transfers, []);
  });

  it('is known by a brand that two copies of the package share', () => {
    assert.equal(ResidencyZone.isResidencyZone(newZone()), true);
    assert.equal(
      ResidencyZone.isResidencyZone({ [Symbol.for('@manara/constructs.ResidencyZone')]: true }),
      true,
    );
    assert.equal(ResidencyZone.isResidencyZone(new App()), false);
    assert.equal(ResidencyZone.isResidencyZone(undefined), false);
  });

  it('refuses an id that no Kubernetes object can have', () => {
    const make = () =>
      new ResidencyZone(new App(), 'UAE Bank', {
        jurisdiction: Jurisdiction.AE_ONSHORE,
        places: ['aws:me-central-1'],
        data: [DataClass.PERSONAL],
      });
    refuses(make, 'MANARA_NAME', 'id:', '"UAE Bank"');
  });

  for (const [what, props, message] of [
    ['no places', { places: [] }, /places: expected at least one place/],
    ['no data', { data: [] }, /data: expected at least one DataClass/],
    ['a jurisdiction that is none', { jurisdiction: { id: 'AE' } }, /jurisdiction: expected Juris/],
    ['a data class that is none', { data: [{ id: 'Health' }] }, /data\.0: expected DataClass\./],
    [
      'a building in a jurisdiction that is none',
      { places: ['onprem:hq'], onPremises: { 'onprem:hq': { id: 'difc' } } },
      /onPremises\["onprem:hq"\]: expected Jurisdiction\./,
    ],
    ['a bare region', { places: ['me-central-1'] }, /"me-central-1" names no cloud/],
    ['a building in no jurisdiction', { places: ['onprem:hq'] }, /onPremises: "onprem:hq"/],
    [
      'a transfer to a place that it does not permit',
      { transfers: [{ to: 'aws:eu-west-1', basis: 'b', evidence: 'e' }] },
      /transfers\.0\.to: .*received "aws:eu-west-1"/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => newZone(new App(), untyped(props)), { name: 'ResidencyError', message });
    });
  }
});
