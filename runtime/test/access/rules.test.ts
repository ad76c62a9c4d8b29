import assert from 'node:assert/strict';
import type { AccessRule, Verb } from '@manara/contract';
import { type Bearer, Rules } from '../../src/access/rules';

const alice: Bearer = {
  id: 'oidc:alice',
  groups: ['oidc:risk'],
  scopes: ['oidc:infer'],
  claims: new Map([['oidc:country', ['AE', 'OM']]]),
};

function permitted(
  rule: Partial<AccessRule>,
  verb: Verb = 'infer',
  model: string | undefined = 'fraud',
  version: number | undefined = 1,
): boolean {
  const rules = new Rules([{ callers: ['*'], verbs: ['infer'], ...rule }]);
  return rules.caller(alice).permit(verb, model, version) !== undefined;
}

describe('Rules', () => {
  it('allow the verbs that they name, and no other', () => {
    assert.equal(permitted({}), true);
    assert.equal(permitted({}, 'read'), false);
    assert.equal(permitted({ verbs: ['read', 'load'] }, 'load'), true);
  });

  it('concern whom they name: by name, group, scope and claim', () => {
    assert.equal(permitted({ callers: ['oidc:a*'] }), true);
    assert.equal(permitted({ callers: ['alice'] }), false);
    assert.equal(permitted({ groups: ['risk', 'oidc:r*'] }), true);
    assert.equal(permitted({ groups: ['risk'] }), false);
    assert.equal(permitted({ scopes: ['oidc:infer'] }), true);
    assert.equal(permitted({ scopes: ['oidc:inf'] }), false);
    assert.equal(permitted({ claims: { 'oidc:country': ['OM'] } }), true);
    assert.equal(permitted({ claims: { 'oidc:country': ['GB'] } }), false);
    assert.equal(permitted({ claims: { 'oidc:city': ['AE'] } }), false);
  });

  it('want all their conditions to hold', () => {
    assert.equal(permitted({ groups: ['oidc:risk'], scopes: ['oidc:infer'] }), true);
    assert.equal(permitted({ groups: ['oidc:risk'], scopes: ['oidc:load'] }), false);
    assert.equal(permitted({ claims: { 'oidc:country': ['AE'], 'oidc:city': ['Dubai'] } }), false);
  });

  it('hold for the models and versions that they name', () => {
    assert.equal(permitted({ models: ['fr*'] }), true);
    assert.equal(permitted({ models: ['other'] }), false);
    assert.equal(permitted({ versions: [1] }), true);
    assert.equal(permitted({ versions: [2] }), false);
  });

  it('that name versions say nothing of a version that is not known', () => {
    const caller = new Rules([{ callers: ['*'], verbs: ['infer'], versions: [1] }]).caller(alice);
    assert.equal(caller.permit('infer', 'fraud', undefined), undefined);
  });

  it('for some models or versions give nothing on the server as a whole', () => {
    const serverWide = (rule: Partial<AccessRule>): boolean => {
      const rules = new Rules([{ callers: ['*'], verbs: ['admin'], ...rule }]);
      return rules.caller(alice).permit('admin') !== undefined;
    };
    assert.equal(serverWide({}), true);
    assert.equal(serverWide({ models: ['*'] }), true);
    assert.equal(serverWide({ models: ['fraud'] }), false);
    assert.equal(serverWide({ versions: [1] }), false);
  });

  it('are read from the top: the limit of the first that allows counts', () => {
    const rules = new Rules([
      { callers: ['*'], verbs: ['infer'], models: ['small'], limit: { requestsPerSecond: 5 } },
      { callers: ['*'], verbs: ['infer'], limit: { requestsPerSecond: 1 } },
    ]);
    const caller = rules.caller(alice);
    assert.equal(caller.permit('infer', 'small', 1)?.limit?.requestsPerSecond, 5);
    assert.equal(caller.permit('infer', 'large', 1)?.limit?.requestsPerSecond, 1);
  });

  it('allow nothing to whom none of them concerns', () => {
    const rules = new Rules([{ callers: ['bob'], verbs: ['infer', 'read'] }]);
    assert.equal(rules.caller(alice).permit('infer', 'fraud', 1), undefined);
  });

  it('know a caller again by what was kept, of the claims only those that they name', () => {
    const rules = new Rules([
      { groups: ['oidc:risk'], claims: { 'oidc:country': ['AE'] }, verbs: ['infer'] },
    ]);
    const told = new Map([...(alice.claims ?? []), ['oidc:email', ['alice@bank.example']]]);
    const { standing } = rules.caller({ ...alice, claims: told });
    const kept = {
      groups: ['oidc:risk'],
      scopes: ['oidc:infer'],
      claims: { 'oidc:country': ['AE', 'OM'] },
    };
    assert.deepEqual(standing, kept);
    const again = rules.recalled('oidc:alice', kept);
    assert.equal(again.id, 'oidc:alice');
    assert.deepEqual(again.permit('infer', 'fraud', 1), { name: '0' });
    assert.equal(again.permit('load', 'fraud', 1), undefined);
    assert.equal(rules.recalled('oidc:alice', { groups: [] }).permit('infer', 'm', 1), undefined);
  });
});
