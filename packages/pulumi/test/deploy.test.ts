import assert from 'node:assert/strict';
import { late } from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { deploy } from '../src/index';
import { errorText } from './support/error-text';
import {
  type Inputs,
  record,
  recordRefusal,
  type Registered,
  settled,
} from '@manara/pulumi-testing';
import { addSite, tree, type UaePlace } from './support/tree';

/** An app with one chart and, in it, a ConfigMap of this data. */
function configMap(data: Record<string, string>): App {
  const app = new App();
  new k8s.KubeConfigMap(new Chart(app, 'chart'), 'map', { metadata: { name: 'map' }, data });
  return app;
}

function inputsOf(registered: readonly Registered[], name: string): Inputs {
  const found = registered.find((r) => r.name === name && !r.type.startsWith('manara:'));
  assert.ok(found, `${name} is not among ${registered.map((r) => r.name).join(', ')}`);
  return found.inputs;
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((v, key) => (v as Record<string | number, unknown>)[key], value);
}

describe('deploy', () => {
  it('registers every object as its typed resource, below its site and its endpoint', async () => {
    const { registered } = await record(() => deploy(tree().app));
    assert.deepEqual(
      registered.map(({ type, name, parent }) => `${type} ${name} < ${parent}`).sort(),
      [
        'kubernetes:apps/v1:Deployment bank/dubai/fraud/deployment < bank/dubai/fraud',
        'kubernetes:autoscaling/v2:HorizontalPodAutoscaler bank/dubai/fraud/autoscaler < bank/dubai/fraud',
        'kubernetes:core/v1:Namespace bank/dubai/namespace < bank/dubai',
        'kubernetes:core/v1:Service bank/dubai/fraud/service < bank/dubai/fraud',
        'kubernetes:core/v1:ServiceAccount bank/dubai/fraud/service-account < bank/dubai/fraud',
        'kubernetes:networking.k8s.io/v1:NetworkPolicy bank/dubai/default-deny < bank/dubai',
        'kubernetes:networking.k8s.io/v1:NetworkPolicy bank/dubai/fraud/network-policy < bank/dubai/fraud',
        'kubernetes:policy/v1:PodDisruptionBudget bank/dubai/fraud/disruption-budget < bank/dubai/fraud',
        'manara:index:ModelEndpoint bank/dubai/fraud < bank/dubai',
        'manara:index:Site bank/dubai < ',
      ],
    );
  });

  it('registers what the chart renders, field for field', async () => {
    const { app, site } = tree();
    const { registered } = await record(() => deploy(app));
    const objects = registered.filter(({ type }) => type.startsWith('kubernetes:'));
    const order = (items: readonly unknown[]) => items.map((i) => JSON.stringify(sorted(i))).sort();
    assert.deepEqual(order(objects.map((o) => o.inputs)), order(site.toJson()));
  });

  it('returns the sites by id and the resources by construct path', async () => {
    const { result } = await record(() => deploy(tree().app));
    assert.deepEqual(Object.keys(result.sites), ['dubai']);
    assert.ok(pulumi.ComponentResource.isInstance(result.sites.dubai));
    assert.equal(result.resources.size, 8);
    assert.ok(pulumi.CustomResource.isInstance(result.resources.get('bank/dubai/fraud/service')));
  });

  it('puts the sites below a parent', async () => {
    const { registered } = await record(() =>
      deploy(configMap({}), { parent: new pulumi.ComponentResource('test:index:Bank', 'bank') }),
    );
    const chart = registered.find((r) => r.type === 'manara:index:Chart');
    assert.equal(chart?.parent, 'bank');
  });

  it('keeps every name when an endpoint is added before the others', async () => {
    const names = async (endpoints: readonly string[]): Promise<readonly string[]> => {
      const { registered } = await record(() => deploy(tree({ endpoints }).app));
      return registered.map((r) => `${r.type} ${r.parent} ${r.name}`);
    };
    const before = await names(['fraud', 'credit']);
    const after = await names(['anomaly', 'credit', 'fraud']);
    assert.deepEqual(
      before.filter((name) => !after.includes(name)),
      [],
    );
    assert.equal(after.length, before.length + 7);
  });

  it('uses CustomResource for a kind that Kubernetes has not', async () => {
    const app = new App();
    new ApiObject(new Chart(app, 'chart'), 'rollout', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'fraud' },
      spec: { replicas: 2 },
    });
    const { registered } = await record(() => deploy(app));
    const rollout = registered.find((r) => r.name === 'chart/rollout');
    assert.equal(rollout?.type, 'kubernetes:argoproj.io/v1alpha1:Rollout');
    assert.deepEqual(rollout.inputs, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'fraud' },
      spec: { replicas: 2 },
    });
  });

  it('refuses a field that the typed class would drop', async () => {
    const app = new App();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', dtaa: { typo: 'yes' } };
    new ApiObject(new Chart(app, 'chart'), 'map', map);
    const { message } = await recordRefusal(() => deploy(app));
    assert.match(message, /^chart\/map: .* has no field dtaa in v1 ConfigMap; .*MANARA_DOCUMENT/);
  });
});

describe('deploy: dependencies', () => {
  it('makes what lives in a namespace wait for it, and everything for what cdk8s says', async () => {
    const app = new App();
    const chart = new Chart(app, 'chart', { namespace: 'bank' });
    const map = new k8s.KubeConfigMap(chart, 'map', {});
    const account = new k8s.KubeServiceAccount(chart, 'account', {});
    map.addDependency(account);
    new k8s.KubeNamespace(chart, 'namespace', { metadata: { name: 'bank' } }).addJsonPatch(
      JsonPatch.remove('/metadata/namespace'),
    );
    const { registered } = await record(() => deploy(app));
    const dependsOn = Object.fromEntries(registered.map((r) => [r.name, r.dependsOn]));
    assert.deepEqual(dependsOn, {
      chart: [],
      'chart/namespace': [],
      'chart/account': ['chart/namespace'],
      'chart/map': ['chart/account', 'chart/namespace'],
    });
  });

  it('follows a dependency into another chart, whichever was made first', async () => {
    const app = new App();
    const map = new k8s.KubeConfigMap(new Chart(app, 'first'), 'map', {});
    map.addDependency(new k8s.KubeServiceAccount(new Chart(app, 'second'), 'account', {}));
    const { registered } = await record(() => deploy(app));
    assert.deepEqual(registered.find((r) => r.name === 'first/map')?.dependsOn, ['second/account']);
  });
});

describe('deploy: late values', () => {
  it('fills one in an image name, in an annotation, and in the JSON of one', async () => {
    const { app } = tree({
      registry: late('registry', pulumi.output('me.registry.example/serving')),
      bucketUri: `s3://${late('bucket', pulumi.output('models-me'))}/v1`,
      readerRole: late('role', Promise.resolve('arn:aws:iam::1:role/reader')),
    });
    const { registered } = await record(() => deploy(app));

    const pod = at(inputsOf(registered, 'bank/dubai/fraud/deployment'), 'spec', 'template');
    const image = at(pod, 'spec', 'containers', 0, 'image') as string;
    assert.match(image, /^me\.registry\.example\/serving\/[a-z-]+:[\w.-]+$/);

    const text = at(pod, 'metadata', 'annotations', 'manara.dev/config');
    const uri = at(JSON.parse(text as string), 'models', 0, 'versions', 0, 'uri');
    assert.equal(uri, 's3://models-me/v1/fraud.onnx');

    const account = inputsOf(registered, 'bank/dubai/fraud/service-account');
    assert.equal(at(account, 'metadata', 'annotations', 'role'), 'arn:aws:iam::1:role/reader');
  });

  it('fills in the same text as the tree that is given the values early', async () => {
    const values = { registry: 'r.example', bucketUri: 's3://m', readerRole: 'arn' };
    const early = await record(() => deploy(tree(values).app));
    const marked = tree({
      registry: late('early-registry', values.registry),
      bucketUri: late('early-bucket', pulumi.output(values.bucketUri)),
      readerRole: late('early-role', pulumi.output(values.readerRole)),
    });
    const filled = await record(() => deploy(marked.app));
    const inputs = (all: readonly Registered[]) =>
      Object.fromEntries(all.map((r) => [`${r.type} ${r.name}`, sorted(r.inputs)]));
    assert.deepEqual(inputs(filled.registered), inputs(early.registered));
  });

  it('returns every late value by name, those of flows that no object holds included', async () => {
    const { app } = tree({
      registry: late('returned-registry', pulumi.output('me.registry.example')),
      bucketUri: `s3://${late('returned-bucket', pulumi.secret('models'))}/v1`,
      vault: `https://${late('returned-vault', 'vault.bank.example')}`,
    });
    const { result } = await record(() => deploy(app));
    const names = ['returned-bucket', 'returned-registry', 'returned-vault'];
    assert.deepEqual(Object.keys(result.values).sort(), names);
    const { 'returned-bucket': bucket, 'returned-vault': vault } = result.values;
    assert.ok(bucket && vault);
    assert.equal(await settled(bucket), 'models');
    assert.equal(await pulumi.isSecret(bucket), true);
    assert.equal(await settled(vault), 'vault.bank.example');
    assert.equal(await pulumi.isSecret(vault), false);
  });

  it('waits for the resource that an Output comes from', async () => {
    const { registered } = await record(() => {
      const bucket = new Provider('bucket');
      deploy(configMap({ uri: `s3://${late('from-bucket', bucket.id)}` }));
    });
    assert.deepEqual(inputsOf(registered, 'chart/map').data, { uri: 's3://bucket-id' });
    assert.deepEqual(registered.find((r) => r.name === 'chart/map')?.dependsOn, ['bucket']);
  });

  it('keeps a secret secret: alone, in a longer text, in JSON, and in the configuration', async () => {
    const password = late('password', pulumi.secret('hunter"2'));
    const data = { alone: password, longer: `x-${password}`, json: JSON.stringify({ password }) };
    const { registered } = await record(() => deploy(configMap(data)));
    assert.deepEqual(inputsOf(registered, 'chart/map').data, {
      alone: { secret: 'hunter"2' },
      longer: { secret: 'x-hunter"2' },
      json: { secret: '{"password":"hunter\\"2"}' },
    });

    const { app } = tree({ bucketUri: `s3://${late('secret-bucket', pulumi.secret('models'))}` });
    const endpoint = await record(() => deploy(app));
    const { spec } = inputsOf(endpoint.registered, 'bank/dubai/fraud/deployment');
    const text = at(spec, 'template', 'metadata', 'annotations', 'manara.dev/config');
    assert.match(at(text, 'secret') as string, /"uri": "s3:\/\/models\/fraud\.onnx"/);
  });

  it('does not claim to know what is known only after deployment', async () => {
    const { registered } = await record(() => {
      const unknown = pulumi.output(pulumi.unknown as unknown as string);
      deploy(configMap({ uri: `s3://${late('unknown-bucket', unknown)}`, plain: 'plain' }));
    });
    // The protocol's mark of an unknown text.
    assert.deepEqual(inputsOf(registered, 'chart/map').data, {
      plain: 'plain',
      uri: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
    });
  });
});

describe('deploy: refusals', () => {
  it('registers nothing of a tree that violates its residency', async () => {
    // As a cast or plain JavaScript would; the compiler refuses it otherwise.
    const { app } = tree({ bucketPlace: 'aws:eu-west-1' as UaePlace });
    const { message, registered } = await recordRefusal(() => deploy(app));
    assert.match(message, /artifact flow of bank\/fraud: .* fix: /);
    assert.deepEqual(registered, []);
  });

  it('refuses a late value without a source, by its name, before anything is registered', async () => {
    const { app } = tree({ bucketUri: late('nowhere') });
    const { message, registered } = await recordRefusal(() => deploy(app));
    assert.match(
      message,
      /^ {2}bank\/dubai\/fraud\/deployment\/Resource: spec\.template\.metadata\.annotations\.manara\.dev\/config: late value "nowhere" has no source; expected late\('nowhere', output\)/m,
    );
    assert.deepEqual(registered, []);
  });

  it('refuses one in the address of a flow that stands in no document', async () => {
    const { app } = tree({ vault: `https://${late('no-vault')}` });
    const { message, registered } = await recordRefusal(() => deploy(app));
    assert.match(message, /^ {2}bank\/fraud: backup flow\.to\.uri: late value "no-vault" has no /m);
    assert.deepEqual(registered, []);
  });

  it('refuses a marker that this process never made, with its path', async () => {
    const app = configMap({ uri: 's3://${late:stranger}' });
    const { message, registered } = await recordRefusal(() => deploy(app));
    assert.match(message, /chart\/map: data\.uri: .*\$\{late:stranger\}" was not made by late\(\)/);
    assert.deepEqual(registered, []);
  });

  it("refuses Pulumi's error text, with its path and the fix", async () => {
    const json = JSON.stringify({ uri: pulumi.output('models') });
    const app = configMap({ uri: `s3://${errorText}`, json });
    const { message, registered } = await recordRefusal(() => deploy(app));
    const fault =
      "holds the error text of a Pulumi Output that was put into a string; put late('name', output) there instead of the Output";
    assert.ok(message.includes(`chart/map: data.uri: ${fault}`), message);
    assert.ok(message.includes(`chart/map: data.json: ${fault}`), message);
    assert.deepEqual(registered, []);
  });
});

describe('deploy: clusters', () => {
  it('gives each site the provider that bears its id', async () => {
    const { registered } = await record(() => {
      const { app, zone } = tree();
      addSite(zone, 'north', 'azure:uaenorth');
      deploy(app, { providers: { dubai: new Provider('aws'), north: new Provider('azure') } });
    });
    const providers = Object.fromEntries(
      registered.filter((r) => r.type.startsWith('kubernetes:')).map((r) => [r.name, r.provider]),
    );
    assert.equal(providers['bank/dubai/namespace'], 'aws');
    assert.equal(providers['bank/dubai/fraud/deployment'], 'aws');
    assert.equal(providers['bank/north/namespace'], 'azure');
    assert.equal(providers['bank/north/default-deny'], 'azure');
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([k, v]) => [k, sorted(v)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}
