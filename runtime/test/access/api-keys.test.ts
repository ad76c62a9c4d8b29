import assert from 'node:assert/strict';
import { ApiKeys, isApiKey, newApiKey } from '../../src/access/api-keys';
import { CredentialRefused } from '../../src/access/credential';
import { Rules } from '../../src/access/rules';

const rules = new Rules([{ groups: ['ops'], verbs: ['load'] }]);
const now = Date.parse('2026-11-22T00:00:00Z');

function keysOf(...entries: readonly unknown[]): ApiKeys {
  const keys = new ApiKeys(rules);
  keys.replace(JSON.stringify({ keys: entries }));
  return keys;
}

const refusal = (message: string): ((error: unknown) => boolean) => {
  return (error) => error instanceof CredentialRefused && error.message === message;
};

describe('ApiKeys', () => {
  it('tell whose a key is, with the groups of its entry', () => {
    const { key, entry } = newApiKey({ caller: 'payments', groups: ['ops'] });
    const caller = keysOf(entry).identify(key, now);
    assert.equal(caller.id, 'payments');
    assert.notEqual(caller.permit('load', 'm', 1), undefined);
  });

  it('are long, random, and nowhere in their entry', () => {
    const [first, second] = [newApiKey({ caller: 'a' }), newApiKey({ caller: 'a' })];
    assert.match(first.key, /^mnr_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    assert.notEqual(first.key, second.key);
    assert.equal(JSON.stringify(first.entry).includes(first.key.slice(-43)), false);
    assert.match(first.entry.sha256, /^[0-9a-f]{64}$/);
    assert.equal(isApiKey(first.key), true);
    assert.equal(isApiKey('eyJhbGciOiJFUzI1NiJ9.e30.x'), false);
  });

  it('are refused where any character is another', () => {
    const { key, entry } = newApiKey({ caller: 'payments' });
    const keys = keysOf(entry);
    for (const at of [4, 12, 22, 40, key.length - 1]) {
      const other = key[at] === 'a' ? 'b' : 'a';
      const changed = key.slice(0, at) + other + key.slice(at + 1);
      assert.throws(
        () => keys.identify(changed, now),
        refusal('the API key is not known'),
        changed,
      );
    }
    for (const wrong of ['', 'mnr_', `${key}x`, ` ${key}`, key.toUpperCase()]) {
      assert.throws(() => keys.identify(wrong, now), refusal('the API key is not known'));
    }
  });

  it('are refused with the secret of another', () => {
    const [first, second] = [newApiKey({ caller: 'a' }), newApiKey({ caller: 'b' })];
    const mixed = first.key.slice(0, 21) + second.key.slice(21);
    const keys = keysOf(first.entry, second.entry);
    assert.throws(() => keys.identify(mixed, now), refusal('the API key is not known'));
  });

  it('are refused from their end on', () => {
    const { key, entry } = newApiKey({ caller: 'a', expires: '2026-11-22T00:00:00Z' });
    const keys = keysOf(entry);
    assert.equal(keys.identify(key, now - 1).id, 'a');
    assert.throws(() => keys.identify(key, now), refusal('the API key has expired'));
  });

  it('are gone once their file has them no more', () => {
    const { key, entry } = newApiKey({ caller: 'a' });
    const keys = keysOf(entry);
    keys.replace('{"keys":[]}');
    assert.throws(() => keys.identify(key, now), refusal('the API key is not known'));
  });

  it('stay as they are where a new file is not one', () => {
    const { key, entry } = newApiKey({ caller: 'a' });
    const keys = keysOf(entry);
    const refused: readonly (readonly [string, RegExp])[] = [
      ['', /JSON/],
      ['[]', /expected object/],
      ['{"keys":[{"id":"1"}]}', /keys\.0\.sha256: expected a value for this key/],
      [JSON.stringify({ keys: [entry, entry] }), /stands twice/],
      [JSON.stringify({ keys: [{ ...entry, caller: 'oidc:alice' }] }), /keys\.0\.caller/],
      [JSON.stringify({ keys: [{ ...entry, expires: '2026-13-01T00:00Z' }] }), /expected a time/],
      [JSON.stringify({ keys: [{ ...entry, key }] }), /keys\.0\.key: unknown key/],
    ];
    for (const [text, message] of refused) {
      assert.throws(() => {
        keys.replace(text);
      }, message);
    }
    assert.equal(keys.identify(key, now).id, 'a');
  });
});
