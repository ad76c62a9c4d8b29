import assert from 'node:assert/strict';
import { availabilityZones } from '../../src';

describe('the table of availability zones', () => {
  it('has those of the UAE: three of AWS, three of Azure UAE North, none of UAE Central', () => {
    assert.deepEqual(availabilityZones('aws:me-central-1'), ['mec1-az1', 'mec1-az2', 'mec1-az3']);
    assert.deepEqual(availabilityZones('azure:uaenorth'), ['1', '2', '3']);
    assert.deepEqual(availabilityZones('azure:uaecentral'), []);
  });

  it('says of other regions of AWS, and of one’s own buildings, that nothing is known', () => {
    assert.equal(availabilityZones('aws:eu-west-1'), undefined);
    assert.equal(availabilityZones('onprem:abu-dhabi-1'), undefined);
  });
});
