import assert from 'node:assert/strict';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { conceal, hasUnknown, revealed, secret } from './marks';

describe('marks of secrets', () => {
  it('are taken off, however deep', () => {
    const marked = secret({ b: [secret('x')] });
    assert.deepEqual(revealed({ a: marked, c: 1 }), { a: { b: ['x'] }, c: 1 });
  });

  it('are put on an object where its inputs bear them', () => {
    const inputs = {
      metadata: { annotations: { role: secret('r') } },
      spec: { args: [secret('x')] },
    };
    const live = {
      metadata: { annotations: { role: 'r', other: 'o' }, uid: '1' },
      spec: { args: ['x', 'y'] },
      status: { ok: true },
    };
    assert.deepEqual(conceal(live, inputs), {
      metadata: { annotations: { role: secret('r'), other: 'o' }, uid: '1' },
      spec: { args: [secret('x'), 'y'] },
      status: { ok: true },
    });
  });

  it('go from stringData to the data that it became', () => {
    const live = { data: { user: 'dQ==', password: 'cA==' } };
    assert.deepEqual(conceal(live, { stringData: { user: 'u', password: secret('p') } }), {
      data: { user: 'dQ==', password: secret('cA==') },
    });
    assert.deepEqual(conceal(live, { stringData: secret({ user: 'u', password: 'p' }) }), {
      data: { user: secret('dQ=='), password: secret('cA==') },
    });
  });
});

describe('unknown values', () => {
  it('are found inside lists, objects and secrets', () => {
    assert.ok(hasUnknown({ a: [{ b: unknownValue }] }));
    assert.ok(hasUnknown({ a: secret(unknownValue) }));
    assert.ok(!hasUnknown({ a: [1, 'x', null] }));
  });
});
