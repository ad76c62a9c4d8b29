import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../../src/drill/address';
import { exercise } from '../../src/drill/exercise';
import type { Exercise } from '../../src/drill/exercise-found';
import type { ExerciseOptions } from '../../src/drill/exercise-options';
import { inspect } from '../../src/drill/inspect';
import { drilledStack } from '../support/drilled';
import { FakeSite } from '../support/fake-site';
import { temporaryFolder } from '../support/folders';

/** Site `dubai` is away while a file is there, and the name fails for some time from then on. */
async function withSites(
  run: (options: ExerciseOptions, away: string) => Promise<void>,
  { recoverySeconds = 5, failoverMillis = 300 } = {},
): Promise<void> {
  const away = join(temporaryFolder(), 'away');
  let since: number | undefined;
  const name = await FakeSite.start((_, response) => {
    if (existsSync(away)) since ??= performance.now();
    if (since === undefined || performance.now() - since > failoverMillis) return false;
    response.destroy();
    return true;
  });
  const dubai = await FakeSite.start((_, response) => {
    if (existsSync(away)) response.destroy();
    return existsSync(away);
  });
  const north = await FakeSite.start();
  const drilled = drilledStack({ recoverySeconds });
  const inspections = await inspect(drilled, {
    targets: ({ node }) => (node.id === 'dubai' ? dubai : north).address,
    samples: new Map(),
    requests: 1,
  });
  try {
    await run(
      {
        stack: drilled.stack,
        inspections,
        name: parseAddress('--name', name.address),
        lose: `touch '${away}'`,
        restore: `rm -f '${away}'`,
        waitSeconds: 10,
        stopped: new AbortController().signal,
        hurried: new AbortController().signal,
        onProgress: () => undefined,
        onOutput: () => undefined,
        limits: { millis: 500, bytes: 10_000 },
        goneSeconds: 0.3,
        steadySeconds: 5,
      },
      away,
    );
    assert.equal(existsSync(away), false, 'not restored');
  } finally {
    await Promise.all([name, dubai, north].map((server) => server.stop()));
  }
}

function lines({ checks }: Exercise): readonly string[] {
  return checks.map(
    ({ verdict, endpoint, what, site, found }) =>
      `${verdict} ${what} ${endpoint ?? site ?? '-'}: ${found}`,
  );
}

const restored = /^ok restored dubai: ready after \d\.\d s$/;

describe('exercise', function () {
  this.timeout(15_000);

  it('measures until callers are answered again, and keeps a promise that was kept', async () => {
    await withSites(async (options) => {
      const found = await exercise(options);
      const [outage] = found.outages;
      assert.ok((outage?.failed ?? 0) >= 1);
      assert.ok((outage?.recoveredSeconds ?? 0) >= 0.3 && (outage?.recoveredSeconds ?? 9) < 3);
      assert.equal(outage?.failedLater, 0);
      const [measured = '', back = ''] = lines(found);
      assert.match(
        measured,
        /^ok exercise fraud: measured: answered again after \d\.\d s, first failure after \d\.\d s, \d+ of \d+ requests failed; promised 5 s$/,
      );
      assert.match(back, restored);
    });
  });

  it('fails a recovery that took longer than promised', async () => {
    await withSites(
      async (options) => {
        const [measured = ''] = lines(await exercise(options));
        assert.match(measured, /^failed exercise fraud: measured: .*; promised 2 s$/);
      },
      { recoverySeconds: 2, failoverMillis: 2_300 },
    );
  });

  it('says that a site still answers, which a command was to take away', async () => {
    await withSites(async (options) => {
      const [fault = '', back = ''] = lines(await exercise({ ...options, lose: 'true' }));
      assert.match(
        fault,
        /^failed exercise dubai: the command ended, and site dubai still answers at http:\/\/127/,
      );
      assert.match(back, restored);
    });
  });

  for (const [title, lose, fault] of [
    ['fails', 'exit 3', '--lose ended with code 3'],
    ['hangs', 'sleep 60', '--lose had not taken it away after 1 s'],
  ] as const) {
    it(`restores after a command that ${title}`, async () => {
      await withSites(async (options, away) => {
        const partly = { ...options, lose: `touch '${away}'; ${lose}`, waitSeconds: 1 };
        const [found, back = ''] = lines(await exercise(partly));
        assert.equal(found, `failed exercise dubai: ${fault}`);
        assert.match(back, restored);
      });
    });
  }

  it('says how to bring back a site that is not', async () => {
    await withSites(async (options, away) => {
      const found = await exercise({ ...options, restore: 'exit 4' });
      assert.equal(
        lines(found)[1],
        'failed restored dubai: NOT ready (server of fraud: other side closed), and --restore ended with code 4; bring it back by hand: exit 4',
      );
      rmSync(away);
    });
  });

  it('lets the command that restores end, however long it takes', async () => {
    await withSites(async (options, away) => {
      const slow = { ...options, lose: `touch '${away}'; exit 3`, waitSeconds: 0.5 };
      const found = await exercise({ ...slow, restore: `sleep 1; ${options.restore}` });
      assert.match(lines(found)[1] ?? '', restored);
    });
  });

  it('restores when it is stopped', async () => {
    const stopping = new AbortController();
    await withSites(
      async (options) => {
        const found = await exercise({
          ...options,
          stopped: stopping.signal,
          onProgress: (what) => {
            if (what.includes('does not answer any more')) stopping.abort();
          },
        });
        const [fault, back = ''] = lines(found);
        assert.equal(fault, 'failed exercise dubai: stopped before callers were answered for good');
        assert.match(back, restored);
      },
      { failoverMillis: Infinity },
    );
  });

  it('takes nothing away where the name does not answer, or no request is known', async () => {
    await withSites(async (options, away) => {
      const closed = await FakeSite.start();
      await closed.stop();
      const name = parseAddress('--name', closed.address);
      await assert.rejects(exercise({ ...options, name, steadySeconds: 0.5 }), {
        name: 'CliError',
        message: `--name: ${closed.address} does not answer fraud steadily (connect ECONNREFUSED 127.0.0.1:${closed.port}), so nothing was taken away`,
      });
      const inspections = options.inspections.map(({ drilled, sites, checks }) => ({
        drilled,
        sites,
        checks,
      }));
      await assert.rejects(exercise({ ...options, inspections }), {
        message:
          'no request is known that fraud answers, so nothing was begun; give --sample fraud=FILE.json',
      });
      assert.equal(existsSync(away), false);
    });
  });
});
