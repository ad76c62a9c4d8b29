import { Duration } from 'cdk8s';
import type { Traffic } from '../src';
import { refuses } from './support/errors';
import { newEndpoint, newSite, newZone, untyped } from './support/fixtures';

const peak = { peakRequestsPerSecond: 100 };
const hours = { days: ['Mon'], from: '08:00', to: '18:00', timeZone: 'Asia/Dubai' } as const;

describe('traffic refuses', () => {
  const wrong: readonly (readonly [string, Traffic, string])[] = [
    [
      'more by night than by day',
      { ...peak, quietRequestsPerSecond: 200 },
      'quietRequestsPerSecond: expected a number from 0 to the peak, 100; received 200',
    ],
    [
      'a night that is no number',
      { ...peak, quietRequestsPerSecond: NaN },
      'quietRequestsPerSecond: expected a number from 0 to the peak, 100; received NaN',
    ],
    [
      'a surge that is none',
      { ...peak, surge: { factor: 1, within: Duration.minutes(1) } },
      'surge.factor: expected a number above 1, such as 3 for a rate that may triple; received 1',
    ],
    [
      'a surge in no time',
      { ...peak, surge: { factor: 2, within: Duration.millis(1) } },
      'surge.within: expected a Duration from a second to a day; received 0.001 s',
    ],
    [
      'a day twice',
      { ...peak, busyHours: { ...hours, days: ['Mon', 'Mon'] } },
      'busyHours.days: expected each day once, and one at least; received Mon, Mon',
    ],
    [
      'no day',
      { ...peak, busyHours: { ...hours, days: untyped([]) } },
      'busyHours.days: expected each day once, and one at least; received none',
    ],
    [
      'an hour that no clock has',
      { ...peak, busyHours: { ...hours, from: '24:00' } },
      'busyHours.from: expected a time of day such as 08:30; received "24:00"',
    ],
    [
      'hours that end where they begin',
      { ...peak, busyHours: { ...hours, to: '08:00' } },
      'busyHours.to: expected another time than from; received "08:00"',
    ],
    [
      'a time zone of no place',
      { ...peak, busyHours: { ...hours, timeZone: 'Gulf' } },
      'busyHours.timeZone: expected an IANA time zone such as Asia/Dubai; received "Gulf"',
    ],
  ];
  for (const [what, traffic, message] of wrong) {
    it(what, () => {
      refuses(
        () => newEndpoint(newSite(newZone()), { traffic }),
        'MANARA_OBJECTIVE',
        `[bank/fraud] traffic.${message} (MANARA_OBJECTIVE)`,
      );
    });
  }

  it('a day that no week has', () => {
    const days = untyped(['Caturday']);
    refuses(
      () =>
        newEndpoint(newSite(newZone()), { traffic: { ...peak, busyHours: { ...hours, days } } }),
      'MANARA_PROP',
      '[bank/fraud] traffic.busyHours.days.0: expected one of Sun, Mon, Tue, Wed, Thu, Fri, Sat; received "Caturday" (MANARA_PROP)',
    );
  });
});
