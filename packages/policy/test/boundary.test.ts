import assert from 'node:assert/strict';
import type { Place } from '@manara/residency';
import { residencyPolicies } from '../src';
import { uae } from './support/judge';

describe('a pack', () => {
  it('refuses a zone that contradicts itself', () => {
    assert.throws(() => residencyPolicies('uae', { zone: { ...uae.zone, places: [] } }), {
      name: 'ResidencyError',
      message: /zone "uae": places: expected at least one place/,
    });
  });

  it('refuses a thing located at no place', () => {
    const located = { 'bank.azurecr.io': 'uaenorth' as Place };
    assert.throws(() => residencyPolicies('uae', { ...uae, located }), {
      name: 'ResidencyError',
      message: /"uaenorth" names no cloud/,
    });
  });

  it('refuses an exemption without a reason', () => {
    assert.throws(() => residencyPolicies('uae', { ...uae, exempt: { datadog: ' ' } }), {
      name: 'RangeError',
      message: /exempt\["datadog"\]: expected the reason, received none/,
    });
  });

  it('has policies of different names', () => {
    const names = residencyPolicies('uae', uae).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});
