import assert from 'node:assert/strict';
import { parseServerConfig, serverConfigSchema, ServerConfigError } from '../src';

const version = { version: 1, uri: 's3://weights/fraud/1', sha256: 'a'.repeat(64) };
const model = { name: 'fraud', defaultVersion: 1, versions: [version] };
const second = { ...version, version: 2 };

describe('parseServerConfig', () => {
  it('gives back what it was given, and adds nothing', () => {
    const config = { httpPort: 0, models: [{ ...model, versions: [version, second] }] };
    assert.equal(parseServerConfig(config), config);
    assert.deepEqual(parseServerConfig({}), {});
  });

  it('accepts port 0 for all three: the system picks them', () => {
    const config = { httpPort: 0, grpcPort: 0, metricsPort: 0 };
    assert.deepEqual(parseServerConfig(config), config);
  });

  const keys = Object.keys(serverConfigSchema.properties).join(', ');
  const refusals: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['null', null, ['(top level): expected object, received null']],
    ['a list', [], ['(top level): expected object, received []']],
    ['nothing', undefined, ['(top level): expected object, received nothing']],
    [
      'a key that does not exist',
      { port: 8000 },
      [`port: unknown key; expected one of ${keys}, received 8000`],
    ],
    ['a port in quotes', { httpPort: '8000' }, ['httpPort: expected integer, received "8000"']],
    [
      'a port past the last',
      { grpcPort: 65536 },
      ['grpcPort: expected integer to be less or equal to 65535, received 65536'],
    ],
    ['half a port', { metricsPort: 1.5 }, ['metricsPort: expected integer, received 1.5']],
    [
      'a log level that does not exist',
      { logLevel: 'trace' },
      ['logLevel: expected one of "error", "warn", "info", "debug", received "trace"'],
    ],
    [
      'a body limit below a kilobyte',
      { maxRequestBytes: 1023 },
      ['maxRequestBytes: expected integer to be greater or equal to 1024, received 1023'],
    ],
    [
      'a budget of bodies that two large requests fill',
      { maxRequestBytes: 8192, maxBodyBytes: 16383 },
      [
        'maxBodyBytes: expected at least twice maxRequestBytes, 16384, received 16383; large requests leave a quarter of it to small ones',
      ],
    ],
    [
      'a traces endpoint that is not HTTP',
      { tracesEndpoint: 'grpc://collector:4317' },
      ['tracesEndpoint: expected string to match \'^https?://\', received "grpc://collector:4317"'],
    ],
    [
      'several faults, all of them',
      { workers: 0, drainDelaySeconds: -1, host: '' },
      [
        'host: expected string length greater or equal to 1, received ""',
        'workers: expected integer to be greater or equal to 1, received 0',
        'drainDelaySeconds: expected integer to be greater or equal to 0, received -1',
      ],
    ],
    [
      'answers that caches on the way may share, of a server that tells callers apart',
      {
        cache: { models: { a: { visibility: 'public' }, b: { visibility: 'private' } } },
        identity: { apiKeys: { file: '/keys' } },
        rules: [{ callers: ['*'], verbs: ['infer'] }],
      },
      [
        'cache.models.a.visibility: expected "private" as identity is configured, received "public", which would have caches on the way give one caller what another may see',
      ],
    ],
    [
      'a shared cache without a secret',
      { cache: { redis: { url: 'redis://cache:6379' } } },
      [
        'cache.keyFile: expected a file with the secret that goes with cache.redis, received nothing',
      ],
    ],
    [
      'a password in the address of a Redis',
      {
        jobs: { redis: { url: 'redis://:secret@jobs:6379' } },
        cache: { redis: { url: 'redis://user:s/e@c@cache:6379' }, keyFile: '/k' },
        limits: { redis: { url: 'rediss://user@limits' } },
        variants: {
          models: { fraud: { variants: { a: { version: 1, weight: 1 } } } },
          feedback: { redis: { url: 'redis://:secret@feedback' } },
        },
        identity: { apiKeys: { file: '/keys' } },
        rules: [{ callers: ['*'], verbs: ['infer'], limit: { requestsPerSecond: 5 } }],
      },
      [
        ['jobs', 'redis://…@jobs:6379'],
        ['cache', 'redis://…@cache:6379'],
        ['limits', 'rediss://…@limits'],
        ['variants.feedback', 'redis://…@feedback'],
      ].map(
        ([at = '', url = '']) =>
          `${at}.redis.url: expected an address without user and password, received "${url}"; put the user into ${at}.redis.username, and the password into a file that ${at}.redis.passwordFile names`,
      ),
    ],
    [
      'an address of another kind, with a password in it',
      { jobs: { redis: { url: 'http://:secret@jobs' } } },
      [
        'jobs.redis.url: expected string to match \'^rediss?://[^\\s?]+$\', received "http://…@jobs"',
      ],
    ],
    [
      'variants that nobody can be given',
      {
        variants: {
          models: {
            fraud: {
              variants: { control: { version: 1, weight: 0 } },
              rules: [{ header: 'x-cohort', equals: 'beta', variant: 'challenger' }],
              flag: 'fraud-variant',
            },
          },
          exposures: { file: 'exposures.jsonl', url: 'http://sink' },
        },
      },
      [
        'variants.models.fraud.variants: expected one with a weight above 0, received control',
        'variants.models.fraud.rules.0.variant: expected one of control, received "challenger"',
        'variants.models.fraud.flag: needs variants.flags, received "fraud-variant"',
        'variants.exposures: expected file or url, received both',
      ],
    ],
    [
      'two flag providers, one without its file',
      {
        variants: {
          models: {},
          flags: { flagd: { resolver: 'file' }, optimizely: { datafile: '/flags.json' } },
        },
      },
      [
        'variants.flags: expected one of flagd, launchDarkly, optimizely, received 2 of them',
        'variants.flags.flagd.file: expected the file with the flags, received nothing',
      ],
    ],
    [
      'two salts',
      {
        variants: {
          models: { fraud: { variants: { control: { version: 1, weight: 1 } } } },
          salt: 's',
          saltFile: '/s',
        },
      },
      ['variants: expected salt or saltFile, received both'],
    ],
    [
      'fallbacks that stand in for each other',
      {
        fallbacks: {
          small: { chain: [{ model: 'fraud' }] },
          fraud: { chain: [{ model: 'fraud', version: 1 }, { model: 'small' }] },
        },
      },
      ['fallbacks: expected chains that end, received small -> fraud -> small'],
    ],
    [
      'an answer for a model of other servers that no model gives, or that waits',
      {
        fallbacks: {
          fraud: { elsewhere: true, afterMillis: 5, chain: [{ cachedSeconds: 1 }] },
        },
        cache: { models: { fraud: {} } },
      },
      [
        'fallbacks.fraud.chain: expected models, as nobody here knows what requests to "fraud" look like; received [{"cachedSeconds":1}]',
        'fallbacks.fraud.afterMillis: expected none beside elsewhere, as nothing is waited for; received 5',
      ],
    ],
    [
      'a fallback that is the model itself, of two kinds, or from a cache that there is not',
      {
        fallbacks: {
          fraud: {
            chain: [{ model: 'fraud' }, { model: 'b', cachedSeconds: 1 }, { version: 1 }],
          },
        },
      },
      [
        'fallbacks.fraud.chain.1: expected one of model, cachedSeconds, static, received {"model":"b","cachedSeconds":1}',
        'fallbacks.fraud.chain.1.cachedSeconds: needs cache.models.fraud, received none',
        'fallbacks.fraud.chain.2: expected one of model, cachedSeconds, static, received {"version":1}',
        'fallbacks.fraud.chain.2.version: needs model, received 1',
        'fallbacks: expected chains that end, received fraud -> fraud',
      ],
    ],
    [
      'missing keys, each once',
      { models: [{}] },
      [
        'models.0.name: expected a value for this key, received nothing',
        'models.0.defaultVersion: expected a value for this key, received nothing',
        'models.0.versions: expected a value for this key, received nothing',
      ],
    ],
    [
      'a model without versions',
      { models: [{ ...model, versions: [] }] },
      ['models.0.versions: expected array length to be greater or equal to 1, received []'],
    ],
    [
      'a digest in upper case',
      { models: [{ ...model, versions: [{ ...version, sha256: 'A'.repeat(64) }] }] },
      [
        `models.0.versions.0.sha256: expected string to match '^[0-9a-f]{64}$', received "${'A'.repeat(64)}"`,
      ],
    ],
    [
      'a long value, shown in part',
      { host: 7, note: 'n'.repeat(100) },
      [
        `note: unknown key; expected one of ${keys}, received "${'n'.repeat(76)}...`,
        'host: expected string, received 7',
      ],
    ],
    [
      'a name that is no folder',
      { models: [{ ...model, name: 'a/b' }] },
      [
        'models.0.name: expected letters, digits, ".", "_" and "-", 1 to 128 characters, starting and ending with a letter or digit; not "stats", received "a/b"',
      ],
    ],
    ['one model twice', { models: [model, model] }, ['models.1.name: "fraud" stands twice']],
    [
      'one version twice',
      { models: [{ ...model, versions: [version, version] }] },
      ['models.0.versions: a version stands twice, received 1, 1'],
    ],
    [
      'a default version that is not served',
      { models: [{ ...model, defaultVersion: 3, versions: [version, second] }] },
      ['models.0.defaultVersion: expected one of 1, 2, received 3'],
    ],
    [
      'a port that is another’s default',
      { httpPort: 8001 },
      [
        'httpPort, grpcPort, metricsPort: expected three different ports, received 8001, 8001, 8002',
      ],
    ],
  ];
  for (const [name, value, faults] of refusals) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parseServerConfig(value),
        (error) => {
          assert.ok(error instanceof ServerConfigError);
          assert.deepEqual(error.faults, faults);
          return true;
        },
      );
    });
  }

  it('puts every fault on a line of the message', () => {
    assert.throws(() => parseServerConfig({ host: 1, workers: 0 }), {
      name: 'ServerConfigError',
      message: [
        "The server's configuration is not valid:",
        '  - host: expected string, received 1',
        '  - workers: expected integer to be greater or equal to 1, received 0',
      ].join('\n'),
    });
  });
});
