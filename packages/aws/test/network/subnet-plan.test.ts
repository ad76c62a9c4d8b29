import assert from 'node:assert/strict';
import { contains, formatRange, overlaps, parseRange, type Range } from '@manara/pulumi';
import fc from 'fast-check';
import { planSubnets, usableAddresses } from '../../src/network/subnet-plan';

const range = (text: string): Range => {
  const parsed = parseRange(text);
  assert(parsed !== undefined);
  return parsed;
};

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `mec1-az${i + 1}`);

const plans = fc.record({
  prefix: fc.integer({ min: 16, max: 22 }),
  zones: fc.integer({ min: 2, max: 7 }),
});

describe('planSubnets', () => {
  it('divides a /16 over three zones', () => {
    assert.deepEqual(
      planSubnets(range('10.20.0.0/16'), names(3))?.map(({ zone, workload, endpoints, nat }) => [
        zone,
        formatRange(workload),
        formatRange(endpoints),
        formatRange(nat),
      ]),
      [
        ['mec1-az1', '10.20.0.0/18', '10.20.192.0/26', '10.20.192.192/28'],
        ['mec1-az2', '10.20.64.0/18', '10.20.192.64/26', '10.20.192.208/28'],
        ['mec1-az3', '10.20.128.0/18', '10.20.192.128/26', '10.20.192.224/28'],
      ],
    );
  });

  it('keeps every subnet within the range, and apart from every other', () => {
    fc.assert(
      fc.property(plans, ({ prefix, zones }) => {
        const whole = range(`10.0.0.0/${prefix}`);
        const subnets = (planSubnets(whole, names(zones)) ?? []).flatMap((plan) => [
          plan.workload,
          plan.endpoints,
          plan.nat,
        ]);
        subnets.forEach((a, i) => {
          assert(contains(whole, a));
          for (const b of subnets.slice(i + 1)) assert(!overlaps(a, b));
        });
      }),
    );
  });

  it('moves no subnet when a zone is added at the end, up to the room there is', () => {
    const whole = range('10.20.0.0/16');
    assert.deepEqual(planSubnets(whole, names(2)), planSubnets(whole, names(3))?.slice(0, 2));
    assert.deepEqual(planSubnets(whole, names(4)), planSubnets(whole, names(7))?.slice(0, 4));
  });

  it('plans nothing where the endpoints would not fit', () => {
    assert.equal(planSubnets(range('10.20.0.0/22'), names(4)), undefined);
    assert.notEqual(planSubnets(range('10.20.0.0/22'), names(3)), undefined);
  });
});

describe('usableAddresses', () => {
  it('leaves out the five that AWS keeps', () => {
    assert.equal(usableAddresses(range('10.20.0.0/24')), 251);
  });
});
