import assert from 'node:assert/strict';
import { checkPeers, formatRange, isPrivate, networkRange, parseRange, wholeDays } from '../../src';

const kind = { cloud: 'aws', name: 'Net' } as const;
const at = 'manara:aws:Net "net":';

describe('networkRange', () => {
  it('takes a private range of a size between the two', () => {
    for (const cidr of ['10.30.0.0/16', '172.31.252.0/22', '100.64.0.0/16']) {
      assert.equal(formatRange(networkRange(kind, 'net', cidr, 22)), cidr);
    }
  });

  for (const cidr of ['10.30.0.0/15', '10.30.0.0/23', '20.0.0.0/16', '10.30.0.1/16', 'net']) {
    it(`refuses ${cidr}`, () => {
      assert.throws(() => networkRange(kind, 'net', cidr, 22), {
        code: 'MANARA_ARGS',
        message: `${at} cidr: expected a range of /16 to /22 within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, by its first address; received "${cidr}" (MANARA_ARGS)`,
      });
    });
  }

  it('calls private what lies wholly within such a range', () => {
    const privacy = ['192.168.4.0/24', '172.16.0.0/11', '100.128.0.0/16'].map((text) => {
      const range = parseRange(text);
      return range !== undefined && isPrivate(range);
    });
    assert.deepEqual(privacy, [true, false, false]);
  });
});

describe('checkPeers', () => {
  const range = networkRange(kind, 'net', '10.30.0.0/16', 24);

  it('takes neighbours, and none at all', () => {
    checkPeers(kind, 'net', range, { dc: '10.31.0.0/16', office: '10.29.0.0/16' });
    checkPeers(kind, 'net', range);
  });

  it('refuses an overlap, and what is no range', () => {
    assert.throws(
      () => {
        checkPeers(kind, 'net', range, { dc: '10.30.4.0/22' });
      },
      new RegExp(`^DeployError: ${at} cidr: expected a range apart from 10.30.4.0/22 of "dc"`),
    );
    assert.throws(
      () => {
        checkPeers(kind, 'net', range, { dc: 'dc' });
      },
      new RegExp(`^DeployError: ${at} peers\\["dc"\\]: expected a range such as`),
    );
  });
});

describe('wholeDays', () => {
  const bounds = { from: 7, to: 90, byDefault: 30 };

  it('gives the days, or the default', () => {
    assert.equal(wholeDays(kind, 'net', 'days', undefined, bounds), 30);
    assert.equal(wholeDays(kind, 'net', 'days', 7, bounds), 7);
    assert.equal(wholeDays(kind, 'net', 'days', 90, bounds), 90);
  });

  for (const days of [6, 91, 7.5, Number.NaN]) {
    it(`refuses ${days}`, () => {
      assert.throws(() => wholeDays(kind, 'net', 'days', days, bounds), {
        code: 'MANARA_ARGS',
        message: /days: expected whole days from 7 to 90; received/,
      });
    });
  }
});
