import assert from 'node:assert/strict';
import {
  givenParts,
  namedAddresses,
  namedFiles,
  parseServerConfig,
  type ServerConfig,
  serverConfigSchema,
} from '../src';

/** A part of a JSON Schema, as far as the walk below looks into it. */
interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Keys of all texts below a schema; `*` stands for any index or name. */
function textsIn(schema: Schema, at: string): readonly (readonly [string, Schema])[] {
  if (schema.type === 'string') return [[at, schema]];
  const inside = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}).map((one) => ['*', one] as const),
    ...(schema.items === undefined ? [] : [['*', schema.items] as const]),
  ];
  return inside.flatMap(([key, one]) => textsIn(one, at === '' ? key : `${at}.${key}`));
}

const texts = givenParts.flatMap((part) =>
  textsIn(serverConfigSchema.properties[part] as Schema, part),
);

const redis = { url: 'rediss://redis.bank.svc:6379/0', passwordFile: '/s/password' };

const model = (rest: object) => ({
  variants: { a: { version: 1, weight: 1 } },
  ...rest,
});

/** Everything that can be named at once; flagd and Optimizely exclude LaunchDarkly. */
const full: ServerConfig = {
  identity: {
    apiKeys: { file: '/s/keys' },
    jwt: [
      { name: 'a', issuer: 'a', audience: 'x', jwksUrl: 'https://login.bank.example/keys' },
      { name: 'b', issuer: 'b', audience: 'x', jwksFile: '/s/jwks' },
    ],
  },
  rules: [{ callers: ['*'], verbs: ['infer'], limit: { requestsPerSecond: 1 } }],
  limits: { redis: { url: 'rediss://redis.bank.svc', passwordFile: '/s/limits' } },
  audit: { file: '/d/audit' },
  jobs: {
    redis,
    folder: '/d/jobs',
    files: { input: '/d/in', output: '/d/out' },
    webhook: { allow: ['https://hooks.bank.example/'], secretFiles: ['/s/hook'] },
  },
  cache: { redis, keyFile: '/s/key' },
  variants: {
    models: { fraud: model({ flag: 'f', stickyHeader: 'x-customer' }) },
    flags: {
      launchDarkly: {
        sdkKeyFile: '/s/ld',
        baseUri: 'https://sdk.launchdarkly.com',
        eventsUri: 'https://events.launchdarkly.com',
      },
      attributes: ['caller', 'header:x-plan'],
    },
    exposures: { url: 'https://events.bank.example/x' },
    feedback: { redis },
  },
};

const wild = (key: string) => key.replaceAll(/\.\d+(?=\.|$)/g, '.*');

describe('namedAddresses', () => {
  it('says of each address what is told there', () => {
    assert.doesNotThrow(() => parseServerConfig(full));
    assert.deepEqual(
      namedAddresses(full).map(({ key, purpose, tells }) => [key, purpose, tells.join(' ')]),
      [
        ['variants.flags.launchDarkly.baseUri', 'flag', ''],
        ['variants.flags.launchDarkly.eventsUri', 'flag', 'header:x-customer caller header:x-plan'],
        ['variants.exposures.url', 'event', 'header:x-customer id content'],
        ['identity.jwt.0.jwksUrl', 'key', ''],
        ['jobs.webhook.allow.0', 'event', 'content'],
        ['jobs.redis.url', 'state', 'content'],
        ['cache.redis.url', 'state', 'content'],
        ['variants.feedback.redis.url', 'state', 'content'],
        ['limits.redis.url', 'state', 'caller'],
      ],
    );
  });

  const flagd = (options: object, rest: object = {}) =>
    namedAddresses({
      variants: {
        models: { fraud: model({ flag: 'f' }), other: model({ stickyHeader: 'x-never-asked' }) },
        flags: { flagd: { resolver: 'rpc', ...options }, ...rest },
      },
    }).map(({ address, tells }) => [address, tells.join(' ')]);

  it('tells flagd what it evaluates, and nothing where flags are evaluated here', () => {
    assert.deepEqual(flagd({ host: 'flagd' }, { attributes: ['header:x-plan'] }), [
      ['grpc://flagd:8013', 'caller header:x-plan'],
    ]);
    assert.deepEqual(flagd({ host: 'flagd', resolver: 'in-process', tls: true, port: 1 }), [
      ['grpcs://flagd:1', ''],
    ]);
    assert.deepEqual(flagd({}), [['grpc://localhost:8013', 'caller']]);
    assert.deepEqual(flagd({ resolver: 'file', file: '/s/flags' }), []);
  });

  it('tells of no outcome where none is taken', () => {
    const variants = { models: { fraud: model({}) }, exposures: { url: 'https://e.example' } };
    assert.deepEqual(namedAddresses({ variants })[0]?.tells, ['caller', 'id']);
  });

  it('knows every address of the schema', () => {
    const addresses = texts.filter(
      ([key, { pattern = '' }]) => /^\^\(?(https?|redis)/.test(pattern) || key.endsWith('.host'),
    );
    const known = namedAddresses(full).map(({ key }) => wild(key));
    assert.deepEqual(
      addresses.map(([key]) => key.replace(/\.host$/, '')).sort(),
      [...known, 'variants.flags.flagd'].sort(),
    );
  });
});

describe('namedFiles', () => {
  it('tells what is read from what is kept', () => {
    assert.deepEqual(
      namedFiles(full)
        .filter(({ use }) => use === 'keep')
        .map(({ key, file }) => [key, file]),
      [
        ['audit.file', '/d/audit'],
        ['jobs.folder', '/d/jobs'],
        ['jobs.files.input', '/d/in'],
        ['jobs.files.output', '/d/out'],
      ],
    );
  });

  it('knows every file and folder of the schema', () => {
    const flagdFile: ServerConfig = {
      variants: {
        models: {},
        saltFile: '/s/salt',
        flags: { flagd: { resolver: 'file', file: '/s/f' }, optimizely: { datafile: '/s/o' } },
        exposures: { file: '/d/e' },
      },
    };
    const files = texts
      .map(([key]) => key)
      .filter((key) => /(file|files\.\*|folder|files\.\w+)$/i.test(key));
    const known = [...namedFiles(full), ...namedFiles(flagdFile)].map(({ key }) => wild(key));
    assert.deepEqual(files.sort(), known.sort());
  });
});
