import assert from 'node:assert/strict';
import type { GivenConfig } from '@manara/contract';
import { late, Peer, secretFile, type ServerHost } from '../../src';
import type { UaePlace } from '../support/fixtures';
import { at, configText, documentOf } from '../support/manifests';
import { flagdPeer, flagged, home, redisPeer, treeWith } from './support';

const redis = {
  url: 'rediss://redis.data.svc:6380/0',
  passwordFile: secretFile('redis-login', 'password'),
};
const config: GivenConfig = flagged(
  { flagd: { resolver: 'rpc', host: 'flagd.flags.svc', tls: true } },
  {
    jobs: { redis },
    cache: { redis: { ...redis, prefix: 'shared' }, keyFile: secretFile('cache-key', 'key') },
    identity: {
      jwt: [
        {
          name: 'bank',
          issuer: 'https://login.bank.example',
          audience: 'fraud',
          jwksUrl: 'https://login.bank.example/keys',
        },
      ],
    },
    rules: [{ callers: ['*'], verbs: ['infer'], limit: { requestsPerSecond: 9 } }],
    limits: { redis: { url: redis.url } },
  },
);
const hosts: readonly ServerHost<UaePlace>[] = [
  { host: 'flagd.flags.svc', place: home, peer: flagdPeer },
  { host: 'redis.data.svc', place: home, peer: redisPeer, port: 6379 },
  { host: 'login.bank.example', place: home, peer: Peer.addresses('10.30.0.0/24') },
];

function fileOf(app: ReturnType<typeof treeWith>, values = {}): Record<string, unknown> {
  const deployment = documentOf(app, 'Deployment', 'fraud', undefined, values);
  return JSON.parse(configText(deployment)) as Record<string, unknown>;
}

describe('objects of an endpoint with a server', () => {
  it('write the given parts into the file, with the names that tell endpoints apart', () => {
    const file = fileOf(treeWith({ config, hosts }));
    assert.deepEqual(file.variants, config.variants);
    assert.deepEqual(file.identity, config.identity);
    assert.deepEqual(at(file, 'jobs', 'redis'), { prefix: 'manara:fraud', ...redis });
    assert.equal(at(file, 'cache', 'redis', 'prefix'), 'shared');
    assert.equal(at(file, 'cache', 'zone'), 'bank');
    assert.deepEqual(file.limits, { redis: { prefix: 'manara:fraud', url: redis.url } });
  });

  it('let nobody in unasked once there is identity', () => {
    assert.equal('allowAnonymous' in fileOf(treeWith({ config, hosts })), false);
    assert.equal(fileOf(treeWith({ config: {} })).allowAnonymous, true);
  });

  it('mount each Secret once that a file lies in, for the server alone', () => {
    const app = treeWith({ config, hosts });
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const secrets = (at(pod, 'volumes') as readonly object[]).filter((one) => 'secret' in one);
    assert.deepEqual(secrets, [
      { name: 'secret-1', secret: { secretName: 'cache-key' } },
      { name: 'secret-2', secret: { secretName: 'redis-login' } },
    ]);
    const mountsOf = (...path: readonly (string | number)[]) =>
      (at(pod, ...path, 'volumeMounts') as readonly { name: string; mountPath: string }[])
        .filter(({ name }) => name.startsWith('secret-'))
        .map(({ mountPath }) => mountPath);
    assert.deepEqual(mountsOf('containers', 0), [
      '/etc/manara-secrets/cache-key',
      '/etc/manara-secrets/redis-login',
    ]);
    assert.deepEqual(mountsOf('initContainers', 0), []);
  });

  it('trust the authorities of the zone besides the public ones', () => {
    const trust = secretFile('authorities', 'ca.crt');
    const app = treeWith({ config: {}, trust });
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const variables = at(pod, 'containers', 0, 'env') as readonly object[];
    assert.deepEqual(variables.at(-1), {
      name: 'NODE_EXTRA_CA_CERTS',
      value: '/etc/manara-secrets/authorities/ca.crt',
    });
    const mounts = at(pod, 'containers', 0, 'volumeMounts') as readonly { mountPath: string }[];
    assert(mounts.some(({ mountPath }) => mountPath === '/etc/manara-secrets/authorities'));
  });

  it('open the network to each host at its port, once, and to nobody else', () => {
    const policy = documentOf(treeWith({ config, hosts }), 'NetworkPolicy', 'fraud');
    const rules = at(policy, 'spec', 'egress') as readonly object[];
    assert.deepEqual(
      rules.map((rule) => [
        at(rule, 'to', 0, 'ipBlock', 'cidr') ??
          at(rule, 'to', 0, 'podSelector', 'matchLabels', 'app') ??
          at(rule, 'to', 0, 'podSelector', 'matchLabels', 'k8s-app'),
        at(rule, 'ports', 0, 'port'),
      ]),
      [
        ['flagd', 8013],
        ['10.30.0.0/24', 443],
        ['redis', 6379],
        ['kube-dns', 53],
      ],
    );
  });

  it('take an address that is late, by its host or as a whole', () => {
    const host = late('server-redis-host');
    const jwks = late('server-jwks');
    const jobs = late('server-jobs');
    const tree = treeWith({
      config: {
        cache: { redis: { url: `rediss://${host}:6390/0` }, keyFile: secretFile('cache', 'key') },
        jobs: { redis: { url: jobs } },
        identity: { jwt: [{ name: 'a', issuer: 'a', audience: 'a', jwksUrl: jwks }] },
        rules: [{ callers: ['*'], verbs: ['infer'] }],
      },
      hosts: [
        { host, place: home, peer: redisPeer },
        { host: jobs, place: home, peer: redisPeer, port: 6390 },
        { host: jwks, place: home, peer: Peer.addresses('10.30.0.0/24') },
      ],
    });
    const file = fileOf(tree, {
      'server-redis-host': 'redis.bank.example',
      'server-jobs': 'rediss://jobs.bank.example/0',
      'server-jwks': 'https://login.bank.example/keys',
    });
    assert.equal(at(file, 'cache', 'redis', 'url'), 'rediss://redis.bank.example:6390/0');
    assert.equal(at(file, 'jobs', 'redis', 'url'), 'rediss://jobs.bank.example/0');
    assert.equal(at(file, 'identity', 'jwt', 0, 'jwksUrl'), 'https://login.bank.example/keys');
  });
});
