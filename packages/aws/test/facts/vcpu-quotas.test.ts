import assert from 'node:assert/strict';
import { uaeOfferings, vcpuQuotas, vcpuQuotaSource } from '../../src';
import { quotaOf } from '../../src/facts/vcpu-quotas';

const codeOf = (type: string, spot: boolean) => quotaOf(type, spot)?.code;

describe('the table of vCPU quotas', () => {
  it('counts a type against the quota of its family', () => {
    assert.equal(codeOf('m7i.large', false), 'L-1216C47A');
    assert.equal(codeOf('m7i.large', true), 'L-34B43A08');
    assert.equal(codeOf('g6e.xlarge', false), 'L-DB2E81BA');
    assert.equal(codeOf('vt1.3xlarge', true), 'L-3819A6DF');
    assert.equal(codeOf('p5en.48xlarge', false), 'L-417A185B');
  });

  it('knows no quota where AWS has others: X, and P on spot', () => {
    assert.equal(codeOf('x2idn.metal', false), undefined);
    assert.equal(codeOf('p5en.48xlarge', true), undefined);
  });

  it('has an on-demand quota for every type of the UAE but X', () => {
    const without = Object.keys(uaeOfferings).filter((type) => quotaOf(type, false) === undefined);
    assert.deepEqual([...new Set(without.map((type) => type.split('.')[0]))], ['x2idn', 'x2iezn']);
  });

  it('has a code for each, once, and says where they were read', () => {
    const codes = vcpuQuotas.flatMap(({ onDemand, spot }) =>
      [onDemand.code, spot?.code ?? []].flat(),
    );
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.match(code, /^L-[0-9A-F]{8}$/);
    assert.equal(vcpuQuotaSource.standing, 'secondary');
  });
});
