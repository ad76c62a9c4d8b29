import assert from 'node:assert/strict';
import { endpointServices, endpointServiceSources } from '../../src';
import { neededServices } from '../../src/facts/endpoint-services';

describe('the table of endpoint services', () => {
  it('gives every network what a private cluster starts with', () => {
    assert.deepEqual(
      [...neededServices],
      ['ecr.api', 'ecr.dkr', 'ec2', 'eks', 'eks-auth', 'logs', 's3', 'sts', 'kms'],
    );
  });

  it('says what each is for', () => {
    for (const [service, fact] of Object.entries(endpointServices)) {
      assert.notEqual(fact.for, '', service);
    }
  });

  it('was read at a source that is primary', () => {
    for (const { standing, read } of endpointServiceSources) {
      assert.equal(standing, 'primary');
      assert.match(read, /^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
