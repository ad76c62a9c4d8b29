import { DataClass } from '@manara/residency';
import { Peer, secretFile, type ServerProps } from '../../src';
import { refuses } from '../support/errors';
import { type UaePlace, untyped } from '../support/fixtures';
import { flagged, home, redisPeer, treeWith } from './support';

const redis = { url: 'rediss://redis.data.svc:6379/0' };
const redisHost = { host: 'redis.data.svc', place: home, peer: redisPeer } as const;
const keyFile = secretFile('cache-key', 'key');

/** What is wrong with a server, and what the message says of it. */
const refusals: Readonly<Record<string, readonly [ServerProps<UaePlace>, string]>> = {
  'a key that is computed': [
    { config: untyped({ workers: 4 }) },
    'server.config.workers: expected one of variants, fallbacks, identity, rules, limits, audit, jobs, idempotency, cache; the rest is computed',
  ],
  'what the server itself refuses': [
    { config: { cache: { redis } } },
    'server.config.cache.keyFile: expected a file with the secret that goes with cache.redis, received nothing',
  ],
  'a value of another kind': [
    { config: { jobs: untyped({ redis, concurrency: 'two' }) } },
    'server.config.jobs.concurrency: expected integer, received "two"',
  ],
  'identity without rules': [
    { config: { identity: { apiKeys: { file: secretFile('keys', 'keys.json') } } } },
    'server.config.rules: expected at least one, received nothing',
  ],
  'variants of another model': [
    {
      config: { variants: { models: { other: { variants: { a: { version: 1, weight: 1 } } } } } },
    },
    'server.config.variants.models: expected the endpoint\'s model, "fraud"; received "other"',
  ],
  'a cache of another model': [
    { config: { cache: { models: { other: {} } } } },
    'server.config.cache.models: expected the endpoint\'s model, "fraud"; received "other"',
  ],
  'a version that is not served': [
    {
      config: {
        variants: { models: { fraud: { variants: { b: { version: 3, weight: 1 } } } } },
      },
    },
    'server.config.variants.models.fraud.variants.b.version: expected one of 1, 2; received 3',
  ],
  'a fallback to a version that is not served': [
    { config: { fallbacks: { fraud: { chain: [{ model: 'fraud', version: 4 }] } } } },
    'server.config.fallbacks.fraud.chain.0.version: expected one of 1, 2; received 4',
  ],
  'a fallback to a model elsewhere': [
    { config: { fallbacks: { fraud: { chain: [{ model: 'other' }] } } } },
    'server.config.fallbacks.fraud.chain.0.model: expected the endpoint\'s model, "fraud"; received "other"',
  ],
  'a file outside of a Secret': [
    {
      config: { jobs: { redis: { ...redis, passwordFile: '/etc/password' } } },
      hosts: [redisHost],
    },
    `server.config.jobs.redis.passwordFile: expected a key of a Secret, secretFile('name', 'key'); received "/etc/password"`,
  ],
  'authorities outside of a Secret': [
    { config: {}, trust: '/etc/ssl/ca.crt' },
    `server.trust: expected a key of a Secret, secretFile('name', 'key'); received "/etc/ssl/ca.crt"`,
  ],
  'a salt in clear': [
    {
      config: {
        variants: {
          models: { fraud: { variants: { a: { version: 1, weight: 1 } } } },
          salt: 'hunter2',
        },
      },
    },
    "server.config.variants.salt: expected variants.saltFile, secretFile('name', 'key'), in its place; received a salt in clear",
  ],
  'jobs on the disk of a pod': [
    { config: { jobs: { folder: '/data' } } },
    'server.config.jobs.folder: a pod keeps nothing; received "/data"; fix: keep jobs in jobs.redis, where replicas share them',
  ],
  'a password in an address': [
    {
      config: {
        identity: { apiKeys: { file: secretFile('keys', 'keys.json') } },
        rules: [{ callers: ['*'], verbs: ['infer'], limit: { requestsPerSecond: 5 } }],
        limits: { redis: { url: 'rediss://:hunter2@redis.data.svc' } },
      },
      hosts: [redisHost],
    },
    'server.config.limits.redis.url: expected an address without user and password, received "rediss://…@redis.data.svc"; put the user into limits.redis.username, and the password into a file that limits.redis.passwordFile names',
  ],
  'a flagd that nobody named': [
    { config: flagged({ flagd: { resolver: 'rpc' } }) },
    "server.config.variants.flags.flagd: expected a host outside of the server's pod, where nothing else listens; received localhost",
  ],
  'a host that nothing names': [
    {
      config: { cache: { redis, keyFile } },
      hosts: [redisHost, { ...redisHost, host: 'redis.data.svc:6379' }],
    },
    'server.hosts.1.host: expected a host that config names, redis.data.svc; received "redis.data.svc:6379"',
  ],
  'a host twice at one place': [
    { config: { cache: { redis, keyFile } }, hosts: [redisHost, redisHost] },
    'server.hosts.1: expected each host once at a place; received "redis.data.svc" at aws:me-central-1 again',
  ],
  'classes of what nobody is told': [
    {
      config: flagged({ flagd: { resolver: 'rpc', host: 'flagd.flags.svc', tls: true } }),
      attributes: { caller: [DataClass.PERSONAL] },
    },
    'server.attributes: expected what somebody is told, header:x-customer; received "caller"',
  ],
};

describe('server of an endpoint', () => {
  for (const [name, [server, message]] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => {
      refuses(() => treeWith(server), 'MANARA_SERVER', `[bank/fraud] ${message}`);
    });
  }

  it('refuses classes that the zone does not have', () => {
    const config = flagged({ flagd: { resolver: 'rpc', host: 'flagd.flags.svc', tls: true } });
    const attributes = { 'header:x-customer': [DataClass.HEALTH] };
    refuses(
      () => treeWith({ config, attributes }),
      'MANARA_RESIDENCY',
      '[bank/fraud] server.attributes.header:x-customer: expected classes of zone "bank" (personal), received health',
    );
    refuses(
      () => treeWith({ config, attributes: { 'header:x-customer': [] } }),
      'MANARA_RESIDENCY',
      'received nothing',
    );
  });

  it('refuses props of another kind', () => {
    const peer = Peer.namespace('data').identity;
    const host = untyped({ ...redisHost, peer });
    refuses(
      () => treeWith({ config: { cache: { redis, keyFile } }, hosts: [host] }),
      'MANARA_PROP',
      '[bank/fraud] server.hosts.0.peer: expected a Peer; received an object',
    );
    refuses(
      () => treeWith({ config: {}, hosts: [{ ...redisHost, port: 70_000 }] }),
      'MANARA_PROP',
      'server.hosts.0.port: expected a port from 1 to 65535; received 70000',
    );
  });
});

describe('secretFile', () => {
  it('refuses what names no Secret, and no key of one', () => {
    refuses(
      () => secretFile('a/b', 'key'),
      'MANARA_SERVER',
      '[secretFile] name: expected the name of a Secret; received "a/b"',
    );
    refuses(
      () => secretFile('login', '..'),
      'MANARA_SERVER',
      '[secretFile] key: expected a key of a Secret; received ".."',
    );
  });
});
