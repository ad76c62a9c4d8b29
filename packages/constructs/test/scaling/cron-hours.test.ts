import assert from 'node:assert/strict';
import { cronHours } from '../../src/scaling/cron-hours';
import type { BusyHours } from '../../src';

const days = ['Sat', 'Sun'] as const;

function hours(from: string, to: string, more: Partial<BusyHours> = {}): BusyHours {
  return { days, from, to, timeZone: 'Asia/Dubai', ...more };
}

describe('cronHours', () => {
  it('begins early by whole minutes', () => {
    assert.deepEqual(cronHours(hours('08:00', '18:30'), 61), {
      start: '58 7 * * 0,6',
      end: '30 18 * * 0,6',
    });
  });

  it('begins on the day before where midnight is between', () => {
    assert.deepEqual(cronHours(hours('00:01', '06:00'), 120), {
      start: '59 23 * * 5,6',
      end: '0 6 * * 0,6',
    });
  });

  it('ends on the day after where it ends before it began', () => {
    assert.deepEqual(cronHours(hours('22:00', '02:00'), 60), {
      start: '59 21 * * 0,6',
      end: '0 2 * * 0,1',
    });
  });

  it('writes every day as such', () => {
    const all = hours('08:00', '09:00', {
      days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    });
    assert.equal(cronHours(all, 0)?.start, '0 8 * * *');
  });

  it('knows hours without a rest', () => {
    assert.equal(cronHours(hours('08:00', '07:59'), 60), undefined);
    assert.notEqual(cronHours(hours('08:00', '07:58'), 60), undefined);
  });
});
