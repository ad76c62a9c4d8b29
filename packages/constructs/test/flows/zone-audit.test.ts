import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { LogSink, ModelBucket, ModelVersion } from '../../src';
import { auditZone, refusals } from '../../src/flows/zone-audit';
import { newArtifact, newEndpoint, newSite, newZone, untyped } from '../support/fixtures';

describe('refusals', () => {
  it('are one line for each fault, with every owner that has it', () => {
    const zone = newZone(new App());
    const logs = new LogSink({ place: 'aws:me-central-1', uri: 'http://logs.bank.example' });
    const site = newSite(zone, 'dubai', { logs });
    newEndpoint(site);
    newEndpoint(site, {}, 'credit');
    const { violations } = auditZone(zone);
    assert.equal(violations.length, 2);
    assert.deepEqual(
      refusals(violations).map((line) => line.split(':')[0]),
      ['log flow of bank/fraud, bank/credit'],
    );
  });

  it('name an owner once, however many of its versions share the fault', () => {
    const zone = newZone(new App());
    const bucket = new ModelBucket({ place: 'aws:eu-west-1', uri: 'pvc://models' });
    const versions = [1, 2].map(
      (n) => new ModelVersion(n, newArtifact({ bucket: untyped(bucket) })),
    );
    newEndpoint(newSite(zone), { versions: untyped(versions) });
    const { violations } = auditZone(zone);
    assert.deepEqual(
      violations.map((v) => v.rule.id),
      ['flow-stays-in-zone', 'pdpl-transfer-basis', 'flow-stays-in-zone', 'pdpl-transfer-basis'],
    );
    assert.deepEqual(
      refusals(violations).map((line) => line.split(':')[0]),
      ['artifact flow of bank/fraud', 'artifact flow of bank/fraud'],
    );
  });
});
