import assert from 'node:assert/strict';
import { withHugePages } from '../src';

describe('withHugePages', () => {
  it('asks for them beside what is asked of glibc already', () => {
    const asked = 'glibc.malloc.hugetlb=1';
    assert.deepEqual(withHugePages({ PATH: 'a' }), { PATH: 'a', GLIBC_TUNABLES: asked });
    const other = 'glibc.malloc.arena_max=2';
    assert.deepEqual(withHugePages({ GLIBC_TUNABLES: other }), {
      GLIBC_TUNABLES: `${other}:${asked}`,
    });
  });

  it('leaves it at what is said of them', () => {
    const off = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
    assert.deepEqual(withHugePages(off), off);
  });
});
