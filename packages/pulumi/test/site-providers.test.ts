import assert from 'node:assert/strict';
import { chartObjects } from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { App, Chart } from 'cdk8s';
import { type ProviderOptions, siteProviders } from '../src/site-providers';
import { addSite, tree } from './support/tree';

/** Providers by the chart's id, of a tree with the sites `dubai` and `north`. */
function ofTwoSites(options: ProviderOptions): Readonly<Record<string, Provider | undefined>> {
  const { app, zone } = tree();
  addSite(zone, 'north', 'azure:uaenorth');
  const found = siteProviders(chartObjects(app), options);
  return Object.fromEntries([...found].map(([chart, provider]) => [chart.node.id, provider]));
}

function refusal(message: string): { readonly name: string; readonly message: string } {
  return { name: 'DeployError', message: `${message} (MANARA_PROVIDER)` };
}

describe('siteProviders', () => {
  const [aws, azure] = ['aws', 'azure'] as const;
  let provider: (name: string) => Provider;

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: {} }),
      call: () => ({}),
    });
    const made = new Map([aws, azure].map((name) => [name as string, new Provider(name)]));
    provider = (name) => made.get(name)!;
  });

  after(() => pulumi.runtime.disconnect());

  it('gives each site its own, and `provider` to the rest', () => {
    const own = { dubai: provider(aws), north: provider(azure) };
    assert.deepEqual(ofTwoSites({ providers: own }), own);
    assert.deepEqual(
      ofTwoSites({ providers: { north: provider(azure) }, provider: provider(aws) }),
      own,
    );
  });

  it('leaves a single site, and charts that are no sites, to Pulumi', () => {
    const single = siteProviders(chartObjects(tree().app), {});
    assert.deepEqual([...single.values()], [undefined]);
    const app = new App();
    new Chart(app, 'one');
    new Chart(app, 'two');
    assert.deepEqual([...siteProviders(chartObjects(app), {}).values()], [undefined, undefined]);
  });

  it('refuses one of several sites without a cluster of its own', () => {
    assert.throws(
      () => ofTwoSites({ providers: { dubai: provider(aws) } }),
      refusal(
        `providers: expected one for each of the tree's 2 sites, received none for "north"; give providers["north"] the Provider of its cluster`,
      ),
    );
  });

  it('refuses an id that no site has', () => {
    assert.throws(
      () => ofTwoSites({ providers: { nord: provider(azure) }, provider: provider(aws) }),
      refusal(`providers: expected ids of the tree's sites (dubai, north); received "nord"`),
    );
  });

  it('refuses what is no Kubernetes provider', () => {
    // To the compiler, every package's Provider looks alike.
    class CloudProvider extends pulumi.ProviderResource {}
    const foreign: unknown = new CloudProvider('aws', 'cloud');
    assert.throws(
      () => ofTwoSites({ providers: { dubai: foreign as Provider } }),
      refusal(
        'providers["dubai"]: expected a Provider of @pulumi/kubernetes, received another value',
      ),
    );
  });

  it('refuses two sites of one id', () => {
    const first = tree().app;
    const second = tree();
    const charts = [...chartObjects(first), ...chartObjects(second.app)];
    assert.throws(
      () => siteProviders(charts, { provider: provider(aws) }),
      refusal('sites: expected each id once, received "dubai" twice; rename one of the sites'),
    );
  });
});
