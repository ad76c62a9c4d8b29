import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import {
  copyDeadlineSeconds,
  copyPointSeconds,
  copySchedule,
} from '../../src/copies/copy-schedule';
import { refuses } from '../support/errors';

describe('copySchedule', () => {
  for (const [every, cron, seconds] of [
    [Duration.minutes(1), '*/1 * * * *', 60],
    [Duration.seconds(600), '*/10 * * * *', 600],
    [Duration.minutes(60), '0 */1 * * *', 3600],
    [Duration.hours(8), '0 */8 * * *', 28_800],
    [Duration.days(1), '0 0 * * *', 86_400],
  ] as const) {
    it(`of ${seconds} s is ${cron}`, () => {
      assert.deepEqual(copySchedule('x', 'every', every), { cron, seconds });
    });
  }

  it('refuses what would drift, in the unit that was meant', () => {
    const refuse = (every: Duration, received: string) => {
      refuses(
        () => copySchedule('bank/stack', 'images.every', every),
        'MANARA_SCHEDULE',
        '[bank/stack] images.every: expected 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 minutes, or 1, 2, 3, 4, 6, 8, 12, 24 hours',
        `received ${received} `,
      );
    };
    refuse(Duration.minutes(7), '7 minutes');
    refuse(Duration.seconds(90), '90 seconds');
    refuse(Duration.millis(1500), '1.5 seconds');
    refuse(Duration.hours(5), '300 minutes');
    refuse(Duration.minutes(0), '0 minutes');
  });
});

describe('copyPointSeconds', () => {
  it('is a period and a run, which takes as long as there is much to bring', () => {
    assert.equal(copyPointSeconds(Duration.minutes(10), 0), 1200);
    assert.equal(copyPointSeconds(Duration.minutes(1), 0), 60 + 300);
    assert.equal(copyDeadlineSeconds(Duration.minutes(10), 60_000_000_000), 300 + 12_000);
  });
});
