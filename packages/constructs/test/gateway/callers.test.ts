import assert from 'node:assert/strict';
import { Callers } from '../../src';
import { refuses } from '../support/errors';

describe('Callers', () => {
  it('are known by what their tokens say', () => {
    assert.deepEqual(Callers.withToken().identity, { subjects: [] });
    assert.deepEqual(Callers.subjects('a', 'b').identity, { subjects: ['a', 'b'] });
    assert.deepEqual(Callers.scope('infer').identity, {
      subjects: [],
      claim: { name: 'scope', values: ['infer'] },
    });
  });

  it('refuse a star, which the mesh would read as any text', () => {
    refuses(() => Callers.subjects('*'), 'MANARA_GATEWAY', 'Callers.subjects', '"*"');
    refuses(() => Callers.claim('groups', 'risk*'), 'MANARA_GATEWAY', '"risk*"');
  });

  it('refuse nobody, and a claim whose name leads elsewhere', () => {
    refuses(() => Callers.subjects(...([] as never as [string])), 'MANARA_GATEWAY', 'at least one');
    refuses(() => Callers.claim('a][b', 'c'), 'MANARA_GATEWAY', '"a][b"');
  });
});
