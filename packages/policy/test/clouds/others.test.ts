import { argsOf, passes, refused, uae } from '../support/judge';
import assert from 'node:assert/strict';
import { residencyPolicies } from '../../src';

describe('where a resource of another package is', () => {
  it('is told for Google Cloud, and never inside the UAE', async () => {
    for (const props of [
      { location: 'me-central1' },
      { region: 'me-central1' },
      { zone: 'me-central1-a' },
    ]) {
      await refused(
        'flow-stays-in-zone',
        { type: 'gcp:storage/bucket:Bucket', props },
        /is at gcp:me-central1/,
      );
    }
    await refused(
      'flow-is-declared',
      { type: 'gcp:storage/bucket:Bucket' },
      /no Google Cloud region/,
    );
    await refused(
      'flow-is-declared',
      { type: 'gcp:storage/bucket:Bucket', props: { location: 'EU' } },
      /received "gcp:EU"/,
    );
  });

  it("is its provider's region for Oracle", async () => {
    const type = 'oci:ObjectStorage/bucket:Bucket';
    const pack = { ...uae, zone: { ...uae.zone, places: ['oci:me-dubai-1'] as const } };
    await passes({ type, providerProps: { region: 'me-dubai-1' } }, pack);
    await refused(
      'flow-stays-in-zone',
      {
        type: 'oci:ObjectStorage/replicationPolicy:ReplicationPolicy',
        props: { destinationRegionName: 'eu-frankfurt-1' },
        providerProps: { region: 'me-dubai-1' },
      },
      /destinationRegionName" is at oci:eu-frankfurt-1/,
      pack,
    );
    await refused('flow-is-declared', { type }, /names no region/, pack);
  });

  it('is refused where nothing is known of the package, and passes with a reason', async () => {
    const monitor = { type: 'datadog:index/monitor:Monitor' };
    await refused(
      'flow-is-declared',
      monitor,
      /nothing is known here of the package "datadog" \(known: aws, azure-native, gcp, kubernetes, oci\)/,
    );
    await refused('flow-is-declared', { type: 'aws-native:s3:Bucket' }, /package "aws-native"/);
    await refused('flow-is-declared', { type: 'azure:storage/account:Account' }, /"azure"/);
    await passes(monitor, { ...uae, exempt: { datadog: 'holds thresholds, no data' } });
    await passes(monitor, { ...uae, exempt: { 'datadog:index/monitor:Monitor': 'a threshold' } });
  });

  it('is no question for values in the state, components, stacks and providers', async () => {
    await passes({ type: 'random:index/randomId:RandomId' });
    for (const type of [
      'eks:index:Cluster',
      'pulumi:pulumi:Stack',
      'pulumi:providers:aws',
      'manara:index:Site',
    ]) {
      const { provider, ...component } = argsOf({ type });
      assert.ok(provider !== undefined);
      for (const policy of residencyPolicies('uae', uae)) {
        if (!('validateResource' in policy) || typeof policy.validateResource !== 'function')
          continue;
        await policy.validateResource(component, (message) => {
          assert.fail(message);
        });
      }
    }
  });
});
