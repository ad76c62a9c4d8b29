import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import { type Promised, validateObjective } from '../src/objective';
import { refuses } from './support/errors';
import { newEndpoint, newSite, newZone, untyped } from './support/fixtures';

const promised: Promised = {
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
  traffic: { peakRequestsPerSecond: 100 },
  siteCount: 1,
};

function check(changes: Partial<Promised>): void {
  validateObjective('bank/fraud', { ...promised, ...changes });
}

function availability(availabilityPercent: number, siteCount = 1): () => void {
  const objective = { ...promised.objective, availabilityPercent };
  return () => {
    check({ objective, siteCount });
  };
}

describe('validateObjective', () => {
  it('accepts what one site can keep, and a little more of two', () => {
    check({});
    for (const percent of [50, 99, 99.99]) availability(percent)();
    availability(99.999, 2)();
  });

  it('refuses a p99 latency of nothing', () => {
    const objective = { ...promised.objective, p99Latency: Duration.millis(0) };
    refuses(
      () => {
        check({ objective });
      },
      'MANARA_OBJECTIVE',
      '[bank/fraud] objective.p99Latency: expected a Duration above 0, such as Duration.millis(50); received 0 ms',
    );
  });

  for (const [given, meant] of [
    [0.999, '99.9'],
    [0.9995, '99.95'],
    [0.5, '50'],
    [1, '99.9'],
    [49.9, '99.9'],
    [0, '99.9'],
    [-1, '99.9'],
  ] as const) {
    it(`takes an availability of ${given} for ${meant} meant`, () => {
      refuses(
        availability(given),
        'MANARA_OBJECTIVE',
        `objective.availabilityPercent: expected a percentage from 50 to 99.99; received ${given}; did you mean ${meant}?`,
      );
    });
  }

  for (const given of [NaN, 100.1, Infinity]) {
    it(`refuses an availability of ${given}`, () => {
      refuses(
        availability(given),
        'MANARA_OBJECTIVE',
        `objective.availabilityPercent: expected a percentage from 50 to 99.99; received ${given} (`,
      );
    });
  }

  it('refuses more availability than the sites can keep, and says what would help', () => {
    refuses(
      availability(99.995),
      'MANARA_OBJECTIVE',
      'from 50 to 99.99; received 99.995; one site cannot keep more, however many replicas it has: add a site or a standby',
    );
    refuses(
      availability(99.9999, 2),
      'MANARA_OBJECTIVE',
      'from 50 to 99.999; received 99.9999; no number of replicas or sites',
    );
  });

  for (const given of [0, -5, NaN, Infinity]) {
    it(`refuses a peak of ${given}`, () => {
      refuses(
        () => {
          check({ traffic: { peakRequestsPerSecond: given } });
        },
        'MANARA_OBJECTIVE',
        `traffic.peakRequestsPerSecond: expected a number above 0; received ${given}`,
      );
    });
  }
});

describe('ModelEndpoint', () => {
  for (const [prop, objective] of [
    ['objective.p99Latency', { availabilityPercent: 99.9 }],
    ['objective.p99Latency', { p99Latency: 50, availabilityPercent: 99.9 }],
    ['objective.p99Latency', { p99Latency: null, availabilityPercent: 99.9 }],
    ['objective.availabilityPercent', { p99Latency: Duration.millis(50) }],
    [
      'objective.availabilityPercent',
      { p99Latency: Duration.millis(50), availabilityPercent: '9' },
    ],
    ['objective', undefined],
  ] as const) {
    it(`names ${prop} where it is missing or of another kind, never with a TypeError`, () => {
      refuses(
        () => newEndpoint(newSite(newZone()), { objective: untyped(objective) }),
        'MANARA_PROP',
        `[bank/fraud] ${prop}: expected `,
      );
    });
  }

  it('counts its standby among the sites that keep it available', () => {
    const objective = { ...promised.objective, availabilityPercent: 99.999 };
    refuses(() => newEndpoint(newSite(newZone()), { objective }), 'MANARA_OBJECTIVE', '99.999');
    const zone = newZone();
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    assert.equal(newEndpoint(newSite(zone), { objective, standby }).objective, objective);
  });
});
