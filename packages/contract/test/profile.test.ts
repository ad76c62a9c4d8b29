import assert from 'node:assert/strict';
import { parseProfile, ProfileError } from '../src';

const point = {
  batch: 1,
  concurrency: 1,
  requests: 100,
  rowsPerSecond: 900,
  p50Millis: 1,
  p99Millis: 2,
  queueMillis: 0,
  runMillis: 0.5,
  rowsPerRun: 1,
};
const profile = {
  profile: 1,
  model: 'fraud',
  version: '2',
  measuredAt: '2026-11-22T12:00:00.000Z',
  server: '0.1.0',
  serviceTimeMillis: 0.5,
  points: [point],
};

describe('parseProfile', () => {
  it('gives back what it was given', () => {
    assert.equal(parseProfile(profile), profile);
  });

  const refusals: readonly (readonly [string, unknown, string])[] = [
    ['another form', { ...profile, profile: 2 }, 'profile: expected 1, received 2'],
    [
      'no service time',
      { ...profile, serviceTimeMillis: 0 },
      'serviceTimeMillis: expected number to be greater than 0, received 0',
    ],
    [
      'no points',
      { ...profile, points: [] },
      'points: expected array length to be greater or equal to 1, received []',
    ],
  ];
  for (const [title, value, fault] of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => parseProfile(value),
        (error) => {
          assert.ok(error instanceof ProfileError);
          assert.deepEqual(error.faults, [fault]);
          return true;
        },
      );
    });
  }
});
