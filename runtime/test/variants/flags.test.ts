import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlagsConfig } from '@manara/contract';
import { StartError } from '../../src';
import { ServerLog } from '../../src/telemetry/logger';
import { FlagSource } from '../../src/variants/flags/flag-source';
import { openProvider, optional } from '../../src/variants/flags/open-provider';
import { TestFlagd } from '../support/flagd';
import { TemporaryRepository } from '../support/temporary';
import { termsOf } from '../support/runs';

const key = 'fraud-variant';

/** In flagd's form: gold customers get the challenger, the rest what the weights say. */
const flagdFile = (gold: string): string =>
  JSON.stringify({
    flags: {
      [key]: {
        state: 'ENABLED',
        variants: { control: 'control', challenger: 'challenger' },
        defaultVariant: 'control',
        targeting: { if: [{ '==': [{ var: 'header:x-plan' }, gold] }, 'challenger', 'control'] },
      },
    },
  });

describe('flags', () => {
  const files = new TemporaryRepository();
  const sources: FlagSource[] = [];
  let logs: string[] = [];

  afterEach(async () => {
    for (const source of sources.splice(0)) await source.close();
  });

  after(() => {
    files.remove();
  });

  async function open(config: FlagsConfig): Promise<FlagSource> {
    logs = [];
    const log = new ServerLog('info', { write: (line: string) => logs.push(line) });
    const source = FlagSource.open(await openProvider(config), config, log);
    sources.push(source);
    return source;
  }

  const events = (): readonly unknown[] =>
    logs.map((line) => (JSON.parse(line) as { event: unknown }).event);
  const ask = (source: FlagSource, plan: string, flag = key): Promise<string | undefined> =>
    source.variant({
      key: flag,
      model: 'fraud',
      unit: 'pseudonym',
      terms: termsOf('layla', { 'x-plan': plan, 'x-other': 'private' }),
    });
  /** Asks until it is answered so: providers get ready in the background. */
  async function until(source: FlagSource, plan: string, expected: string): Promise<void> {
    for (let i = 0; i < 500; i++) {
      if ((await ask(source, plan)) === expected) return;
      await delay(10);
    }
    assert.equal(await ask(source, plan), expected);
  }

  it('come from a file of flagd, by attributes that are listed', async () => {
    const file = files.write('flags.json', flagdFile('gold'));
    const flagd = { resolver: 'file', file } as const;
    const source = await open({ flagd, attributes: ['header:x-plan'] });
    await until(source, 'gold', 'challenger');
    assert.equal(await ask(source, 'silver'), 'control');
  });

  it('get to know no attribute that is not listed', async () => {
    const file = files.write('flags.json', flagdFile('gold'));
    const source = await open({ flagd: { resolver: 'file', file } });
    await until(source, 'gold', 'control');
  });

  it('that are not known are no answer, and no failure of the provider', async () => {
    const file = files.write('flags.json', flagdFile('gold'));
    const source = await open({ flagd: { resolver: 'file', file }, attributes: ['header:x-plan'] });
    await until(source, 'gold', 'challenger');
    const before = events().length;
    assert.equal(await ask(source, 'gold', 'unknown'), undefined);
    assert.equal(events().length, before);
  });

  it('of a flagd that is away are no answer, soon, and said once', async () => {
    for (const resolver of ['in-process', 'rpc'] as const) {
      const source = await open({ flagd: { resolver, host: '127.0.0.1', port: 9 } });
      const begin = performance.now();
      for (let i = 0; i < 5; i++) assert.equal(await ask(source, 'gold'), undefined);
      assert.ok(performance.now() - begin < 2000);
      assert.deepEqual(events(), ['flags_away']);
    }
  });

  it('of a flagd that is away keep no process alive once they are closed', async () => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    for (const resolver of ['in-process', 'rpc'] as const) {
      await open({ flagd: { resolver, host: '127.0.0.1', port: 9 } });
    }
    assert.ok(timers() > before);
    for (const source of sources.splice(0)) await source.close();
    for (let i = 0; i < 300 && timers() > before; i++) await delay(10);
    // The test's own wait is over when it looks.
    assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
  });

  it('of a flagd that goes away later decide on as they were, which is said, and that it is back', async function () {
    this.timeout(20_000);
    // What flagd's provider waits before it says so, and before it tries again.
    process.env.FLAGD_RETRY_GRACE_PERIOD = '0';
    process.env.FLAGD_RETRY_BACKOFF_MAX_MS = '500';
    let flagd = await TestFlagd.start(flagdFile('gold'));
    try {
      const { port } = flagd;
      const source = await open({
        flagd: { resolver: 'in-process', host: '127.0.0.1', port },
        attributes: ['header:x-plan'],
      });
      await until(source, 'gold', 'challenger');
      const before = events();
      flagd.stop();
      for (let i = 0; i < 500 && events().length === before.length; i++) await delay(10);
      for (let i = 0; i < 5; i++) assert.equal(await ask(source, 'gold'), 'challenger');
      assert.deepEqual(events(), [...before, 'flags_away']);
      flagd = await TestFlagd.start(flagdFile('silver'), port);
      await until(source, 'silver', 'challenger');
      assert.deepEqual(events(), [...before, 'flags_away', 'flags_back']);
    } finally {
      delete process.env.FLAGD_RETRY_GRACE_PERIOD;
      delete process.env.FLAGD_RETRY_BACKOFF_MAX_MS;
      flagd.stop();
    }
  });

  describe('of LaunchDarkly', () => {
    let stand: Server;
    const requests: { path: string; body: string }[] = [];
    let address = '';

    before(async () => {
      const flag = {
        key,
        version: 1,
        on: true,
        salt: 's',
        variations: ['control', 'challenger'],
        offVariation: 0,
        fallthrough: { variation: 0 },
        prerequisites: [],
        targets: [],
        rules: [
          {
            id: 'gold',
            variation: 1,
            clauses: [{ attribute: 'header:x-plan', op: 'in', values: ['gold'] }],
          },
        ],
        trackEvents: true,
      };
      stand = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          requests.push({ path: request.url ?? '', body });
          response.end(JSON.stringify({ flags: { [key]: flag }, segments: {} }));
        });
      });
      await new Promise<void>((resolve) => stand.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(stand.address() as AddressInfo).port}`;
    });

    after(async () => {
      stand.closeAllConnections();
      await new Promise((resolve) => stand.close(resolve));
    });

    const config = (more: object = {}): FlagsConfig => ({
      launchDarkly: { sdkKeyFile: files.write('sdk-key', 'sdk-x\n'), baseUri: address, ...more },
      attributes: ['header:x-plan'],
    });

    it('are fetched from the address that stands in the configuration; nothing is reported', async () => {
      requests.length = 0;
      const source = await open(config());
      await until(source, 'gold', 'challenger');
      assert.equal(await ask(source, 'silver'), 'control');
      await source.close();
      assert.deepEqual(new Set(requests.map(({ path }) => path)), new Set(['/sdk/latest-all']));
    });

    it('report what the configuration lists, to the address that it names, and nothing else', async () => {
      requests.length = 0;
      const source = await open(config({ eventsUri: address }));
      await until(source, 'gold', 'challenger');
      await source.close();
      const reported = requests.filter(({ path }) => path !== '/sdk/latest-all');
      assert.deepEqual(new Set(reported.map(({ path }) => path)), new Set(['/bulk']));
      const text = reported.map(({ body }) => body).join('');
      for (const sent of ['pseudonym', 'gold', 'fraud']) assert.ok(text.includes(sent), sent);
      for (const kept of ['layla', 'private', 'x-other']) assert.ok(!text.includes(kept), kept);
    });
  });

  it('of Optimizely are decided here, from its data file', async () => {
    const datafile = files.write('optimizely.json', JSON.stringify(optimizelyFile()));
    const source = await open({ optimizely: { datafile } });
    await until(source, 'gold', 'challenger');
    assert.equal(await ask(source, 'gold', 'unknown'), undefined);
    assert.equal(events().includes('flags_away'), false);
  });

  it('of Optimizely are refused where the file is none of its', async () => {
    const datafile = files.write('other.json', '{}');
    await assert.rejects(open({ optimizely: { datafile } }), (error) => {
      return (
        error instanceof StartError &&
        error.message.startsWith('variants.flags.optimizely.datafile: ')
      );
    });
  });

  it('say what to install where a package is missing', async () => {
    const missing = Object.assign(new Error("Cannot find module 'x'"), {
      code: 'MODULE_NOT_FOUND',
    });
    await assert.rejects(
      optional('optimizely', ['@optimizely/optimizely-sdk'], () => Promise.reject(missing)),
      (error) =>
        error instanceof StartError &&
        error.message ===
          'variants.flags.optimizely needs packages that the server does not bring: npm install @optimizely/optimizely-sdk',
    );
    const other = new Error('broken');
    await assert.rejects(
      optional('optimizely', [], () => Promise.reject(other)),
      other,
    );
  });
});

/** The least that Optimizely's form allows. */
function optimizelyFile(): object {
  const variation = { id: '100', key: 'challenger', variables: [], featureEnabled: true };
  const experiment = {
    id: '10',
    key: 'trial',
    layerId: '1',
    status: 'Running',
    trafficAllocation: [{ entityId: '100', endOfRange: 10_000 }],
    audienceIds: [],
    variations: [variation],
    forcedVariations: {},
  };
  return {
    version: '4',
    revision: '1',
    projectId: '1',
    accountId: '1',
    anonymizeIP: true,
    botFiltering: false,
    featureFlags: [{ id: '1', key, rolloutId: '', experimentIds: ['10'], variables: [] }],
    experiments: [experiment],
    rollouts: [],
    audiences: [],
    typedAudiences: [],
    groups: [],
    attributes: [],
    events: [],
    variables: [],
  };
}
