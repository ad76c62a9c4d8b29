import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { IssuerConfig } from '@manara/contract';
import { CredentialRefused } from '../../src/access/credential';
import { GivenKeySet, type KeySet } from '../../src/access/key-set';
import { RemoteKeySet, remoteTimes } from '../../src/access/remote-key-set';
import { Rules } from '../../src/access/rules';
import { Tokens } from '../../src/access/tokens';
import { ServingError } from '../../src/errors';
import { TestIssuer } from '../support/issuer';
import { until } from '../support/until';

const rules = new Rules([
  { groups: ['oidc:risk'], verbs: ['read'] },
  { scopes: ['oidc:infer'], verbs: ['infer'] },
  { claims: { 'oidc:level': ['3'] }, verbs: ['load'] },
]);
const config: IssuerConfig = { name: 'oidc', issuer: 'https://id.test', audience: 'manara' };

function tokensOf(keys: KeySet, changes: Partial<IssuerConfig> = {}): Tokens {
  const tokens = new Tokens(rules);
  tokens.accept({ config: { ...config, ...changes }, keys });
  return tokens;
}

const identify = async (tokens: Tokens, token: string): Promise<string> =>
  (await tokens.identify(token, Date.now())).id;

async function refusalOf(tokens: Tokens, token: string): Promise<string> {
  try {
    await tokens.identify(token, Date.now());
  } catch (error) {
    if (error instanceof CredentialRefused || error instanceof ServingError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('Tokens', () => {
  let issuer: TestIssuer;
  let tokens: Tokens;
  let given: GivenKeySet;

  beforeEach(async () => {
    issuer = new TestIssuer();
    await issuer.addKey('k1');
    given = new GivenKeySet(() => {
      tokens.forget();
    });
    tokens = tokensOf(given);
    given.replace(issuer.jwks);
  });

  it('tell whose a token is, under the name of its issuer', async () => {
    assert.equal(await identify(tokens, await issuer.token('k1')), 'oidc:alice');
  });

  it('know a token at once the second time', async () => {
    const token = await issuer.token('k1');
    assert.ok(tokens.identify(token, Date.now()) instanceof Promise);
    await tokens.identify(token, Date.now());
    const again = tokens.identify(token, Date.now());
    assert.ok(!(again instanceof Promise));
    assert.equal(again.id, 'oidc:alice');
  });

  it('do not know it any longer than it is good', async () => {
    const token = await issuer.token('k1');
    await tokens.identify(token, Date.now());
    const later = Date.now() + 306_000;
    assert.ok(tokens.identify(token, later) instanceof Promise);
  });

  it('read groups, scopes and claims, in whatever form an issuer gives them', async () => {
    const may = async (claims: Record<string, unknown>, changes = {}): Promise<string> => {
      const caller = await tokensOf(given, changes).identify(
        await issuer.token('k1', claims),
        Date.now(),
      );
      const verbs = ['read', 'infer', 'load'] as const;
      return verbs.filter((verb) => caller.permit(verb, 'm', 1) !== undefined).join(' ');
    };
    assert.equal(await may({}), '');
    assert.equal(await may({ groups: ['staff', 'risk'] }), 'read');
    assert.equal(await may({ groups: 'risk' }), 'read');
    assert.equal(await may({ groups: ['oidc:risk'] }), '');
    assert.equal(await may({ scope: 'openid infer' }), 'infer');
    assert.equal(await may({ scp: ['openid', 'infer'] }), 'infer');
    assert.equal(await may({ level: 3 }), 'load');
    assert.equal(await may({ level: { 3: true } }), '');
    const groupsClaim = 'realm_access.roles';
    assert.equal(await may({ realm_access: { roles: ['risk'] } }, { groupsClaim }), 'read');
    assert.equal(await may({ 'realm_access.roles': ['risk'] }, { groupsClaim }), 'read');
    assert.equal(await may({}, { groupsClaim: 'constructor.name' }), '');
  });

  it('are refused for each thing that is not as it must be, by its name', async () => {
    const now = Math.floor(Date.now() / 1000);
    const cases: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ exp: now - 60 }, 'the token has expired'],
      [{ nbf: now + 60 }, 'the token\'s claim "nbf" is not as it must be'],
      [{ aud: 'another' }, 'the token\'s claim "aud" is not as it must be'],
      [{ aud: undefined }, 'the token\'s claim "aud" is not as it must be'],
      [{ exp: undefined }, 'the token\'s claim "exp" is not as it must be'],
      [{ sub: undefined }, 'the token\'s claim "sub" is not as it must be'],
      [{ sub: '' }, 'the token\'s claim "sub" is not a text of 1 to 256 characters'],
      [{ sub: 'x'.repeat(257) }, 'the token\'s claim "sub" is not a text of 1 to 256 characters'],
      [{ iss: 'https://evil.test' }, "the token's issuer is not accepted"],
      [{ iss: undefined }, "the token's issuer is not accepted"],
    ];
    for (const [changes, message] of cases) {
      assert.equal(await refusalOf(tokens, await issuer.token('k1', changes)), message);
    }
  });

  it('forgive clocks that differ by no more than is configured', async () => {
    const now = Math.floor(Date.now() / 1000);
    const late = await issuer.token('k1', { exp: now - 3 });
    assert.equal(await identify(tokens, late), 'oidc:alice');
    assert.equal(
      await refusalOf(tokensOf(given, { clockToleranceSeconds: 0 }), late),
      'the token has expired',
    );
  });

  it('are refused without a signature, whatever their header says', async () => {
    const [, body = ''] = (await issuer.token('k1')).split('.');
    const head = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE']) {
      assert.match(await refusalOf(tokens, `${head({ alg })}.${body}.`), /^the token/);
    }
    // The public key as a secret that both sides know.
    assert.equal(
      await refusalOf(tokens, `${head({ alg: 'HS256', kid: 'k1' })}.${body}.${'A'.repeat(43)}`),
      "the token's algorithm is not accepted",
    );
  });

  it('are refused with another signature, another key or an algorithm that is not configured', async () => {
    const token = await issuer.token('k1');
    const other = await issuer.token('k1', { sub: 'bob' });
    const [head = '', body = ''] = other.split('.');
    const [, , signature = ''] = token.split('.');
    assert.equal(
      await refusalOf(tokens, `${head}.${body}.${signature}`),
      "the token's signature is wrong",
    );
    await issuer.addKey('k2');
    assert.equal(
      await refusalOf(tokens, await issuer.token('k2')),
      'no key of its issuer is the one that the token names',
    );
    assert.equal(
      await refusalOf(tokensOf(given, { algorithms: ['RS256'] }), token),
      "the token's algorithm is not accepted",
    );
  });

  it('are refused where they are no tokens at all, or endless', async () => {
    for (const text of ['x', 'a.b.c', '..', 'e30.e30.e30']) {
      assert.notEqual(await refusalOf(tokens, text), 'accepted', text);
    }
    assert.equal(
      await refusalOf(tokens, 'x'.repeat(16_385)),
      'the token is longer than 16384 characters',
    );
  });

  it('of a key that was withdrawn are refused from then on, known ones too', async () => {
    const token = await issuer.token('k1');
    await tokens.identify(token, Date.now());
    await issuer.addKey('k2');
    issuer.withdraw('k1');
    given.replace(issuer.jwks);
    assert.equal(
      await refusalOf(tokens, token),
      'no key of its issuer is the one that the token names',
    );
    assert.equal(await identify(tokens, await issuer.token('k2')), 'oidc:alice');
  });

  it('cannot be checked while there are no keys, which is no fault of the caller', async () => {
    const none = tokensOf(new GivenKeySet(() => undefined));
    await assert.rejects(async () => none.identify(await issuer.token('k1'), Date.now()), {
      code: 'IDENTITY_UNAVAILABLE',
      httpStatus: 503,
    });
  });
});

describe('RemoteKeySet', () => {
  let issuer: TestIssuer;
  let url: string;
  let tokens: Tokens;
  let keys: RemoteKeySet | undefined;
  let failures: string[];

  beforeEach(async () => {
    issuer = new TestIssuer();
    await issuer.addKey('k1');
    url = await issuer.listen();
    failures = [];
  });
  afterEach(() => {
    keys?.close();
    issuer.close();
  });

  const open = (times: Partial<typeof remoteTimes> = {}): void => {
    const news = {
      changed: () => {
        tokens.forget();
      },
      failed: (reason: string) => failures.push(reason),
    };
    keys = new RemoteKeySet(url, news, { ...remoteTimes, ...times });
    tokens = tokensOf(keys);
  };

  it('is fetched once for many tokens', async () => {
    open();
    const made = await Promise.all([1, 2, 3, 4].map((i) => issuer.token('k1', { sub: `c${i}` })));
    const ids = await Promise.all(made.map((token) => identify(tokens, token)));
    assert.deepEqual(ids, ['oidc:c1', 'oidc:c2', 'oidc:c3', 'oidc:c4']);
    assert.equal(issuer.asked, 1);
  });

  it('is fetched anew for a key that it does not have, but not again and again', async () => {
    open({ cooldown: 0 });
    await identify(tokens, await issuer.token('k1'));
    await issuer.addKey('k2');
    assert.equal(await identify(tokens, await issuer.token('k2')), 'oidc:alice');
    assert.equal(issuer.asked, 2);

    keys?.close();
    open();
    await identify(tokens, await issuer.token('k1'));
    const asked = issuer.asked;
    issuer.withdraw('k1');
    await issuer.addKey('k3');
    for (let i = 0; i < 5; i++) {
      const refusal = await refusalOf(tokens, await issuer.token('k3'));
      assert.equal(refusal, 'no key of its issuer is the one that the token names');
    }
    assert.equal(issuer.asked, asked);
  });

  it('is fetched anew now and then, and forgets what was withdrawn', async () => {
    open({ refresh: 20 });
    const token = await issuer.token('k1');
    await identify(tokens, token);
    issuer.withdraw('k1');
    await issuer.addKey('k2');
    await until(async () => (await refusalOf(tokens, token)) !== 'accepted');
  });

  it('stays in use while the issuer is away, until it is too old', async () => {
    open({ refresh: 10, cooldown: 0, maxStale: 300 });
    await identify(tokens, await issuer.token('k1'));
    issuer.away = true;
    await until(() => failures.length > 0);
    assert.equal(failures[0], 'it answers 503');
    assert.equal(await identify(tokens, await issuer.token('k1', { sub: 'bob' })), 'oidc:bob');
    await setTimeout(320);
    const late = await issuer.token('k1', { sub: 'carol' });
    await assert.rejects(async () => tokens.identify(late, Date.now()), {
      code: 'IDENTITY_UNAVAILABLE',
    });
    issuer.away = false;
    await setTimeout(60);
    assert.equal(await identify(tokens, late), 'oidc:carol');
  });

  it('is had later where the issuer is away at first', async () => {
    issuer.away = true;
    open({ cooldown: 0 });
    const token = await issuer.token('k1');
    assert.match(await refusalOf(tokens, token), /keys of issuer "oidc" cannot be had/);
    issuer.away = false;
    assert.equal(await identify(tokens, token), 'oidc:alice');
  });
});
