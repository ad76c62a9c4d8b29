import assert from 'node:assert/strict';
import { privateLinkServices, privateLinkSource } from '../../src';
import { roles, rolesSource } from '../../src/facts/roles';

describe('facts of Azure', () => {
  it('gives each service a DNS zone of private link', () => {
    for (const [service, { groupId, dnsZone }] of Object.entries(privateLinkServices)) {
      assert.equal(groupId, service);
      assert.match(dnsZone, /^privatelink\.[a-z.]+$/);
    }
  });

  it('knows roles by ids that are all different', () => {
    const ids = Object.values(roles);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('says where each was read, and when', () => {
    for (const { where, read, standing } of [privateLinkSource, rolesSource]) {
      assert.notEqual(where, '');
      assert.match(read, /^\d{4}-\d{2}-\d{2}$/);
      assert(standing === 'primary' || standing === 'secondary');
    }
  });
});
