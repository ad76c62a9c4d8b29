import assert from 'node:assert/strict';
import { type AccessConfig, parseServerConfig, ServerConfigError } from '../src';

const tls = { certFile: '/tls.crt', keyFile: '/tls.key' };
const identity = { apiKeys: { file: '/keys.json' } };
const rules: AccessConfig['rules'] = [{ callers: ['*'], verbs: ['infer'] }];
const issuer = {
  name: 'oidc',
  issuer: 'https://id',
  audience: 'manara',
  jwksUrl: 'https://id/jwks',
};

function faultsOf(config: object): readonly string[] {
  try {
    parseServerConfig(config);
    return [];
  } catch (error) {
    if (error instanceof ServerConfigError) return error.faults;
    throw error;
  }
}

describe('the keys that say who may use the server', () => {
  it('accept what is whole', () => {
    for (const config of [
      { tls },
      { allowAnonymous: true },
      { identity, rules },
      {
        identity: { jwt: [issuer] },
        rules: [{ scopes: ['oidc:infer'], verbs: ['infer', 'read'] }],
      },
      {
        tls: { ...tls, clientCaFile: '/ca.crt', clientCertificates: 'optional' },
        identity: { clientCertificates: { name: 'spiffe' } },
        rules,
      },
      {
        identity,
        rules: [{ ...rules[0], limit: { requestsPerSecond: 5, burst: 10 } }],
        limits: { redis: { url: 'redis://redis:6379' } },
        audit: { file: '/var/log/audit.log' },
      },
    ]) {
      assert.deepEqual(faultsOf(config), [], JSON.stringify(config));
    }
  });

  const refusals: readonly (readonly [string, object, string])[] = [
    [
      'identity without rules',
      { identity },
      'rules: expected at least one, received nothing: with identity configured only what rules allow is answered',
    ],
    [
      'rules without identity',
      { rules },
      'rules: need identity, received none: nobody could be told from another',
    ],
    [
      'identity without a way',
      { identity: {}, rules },
      'identity: expected apiKeys, jwt or clientCertificates, received none of them',
    ],
    [
      'a rule for nobody in particular',
      { identity, rules: [{ verbs: ['infer'] }] },
      'rules.0: expected callers, groups, scopes or claims, received none of them; callers: ["*"] is whoever is identified',
    ],
    [
      'a verb that does not exist',
      { identity, rules: [{ callers: ['*'], verbs: ['write'] }] },
      'rules.0.verbs.0: expected one of "metrics", "read", "infer", "explain", "load", "admin", received "write"',
    ],
    [
      'an issuer without keys',
      { identity: { jwt: [{ ...issuer, jwksUrl: undefined }] }, rules },
      'identity.jwt.0: expected either jwksUrl or jwksFile, received neither',
    ],
    [
      'an issuer with keys from two places',
      { identity: { jwt: [{ ...issuer, jwksFile: '/jwks.json' }] }, rules },
      'identity.jwt.0: expected either jwksUrl or jwksFile, received both',
    ],
    [
      'two issuers of one name',
      { identity: { jwt: [issuer, { ...issuer, issuer: 'https://other' }] }, rules },
      'identity.jwt: name "oidc" stands twice',
    ],
    [
      'an issuer whose callers could pass for certificates',
      { identity: { jwt: [{ ...issuer, name: 'spiffe' }] }, rules },
      'identity.jwt: name "spiffe" would let tokens pass for certificates; choose another',
    ],
    [
      'a scope without its issuer',
      { identity: { jwt: [issuer] }, rules: [{ scopes: ['infer'], verbs: ['infer'] }] },
      'rules.0: expected the name of an issuer before it, "oidc:…", received "infer"',
    ],
    [
      'certificates of callers without their authority',
      { tls, identity: { clientCertificates: { name: 'spiffe' } }, rules },
      'identity.clientCertificates: needs tls.clientCaFile, received none',
    ],
    [
      'optional certificates that nobody reads',
      { tls: { ...tls, clientCaFile: '/ca.crt', clientCertificates: 'optional' } },
      'tls.clientCertificates: "optional" shows nothing unless identity.clientCertificates reads them; set that, or "required"',
    ],
    [
      'limits without a rule that has one',
      { identity, rules, limits: {} },
      'limits: no rule has a limit to count; add "limit" to one, or leave limits out',
    ],
    [
      'a shared secret as an algorithm',
      { identity: { jwt: [{ ...issuer, algorithms: ['HS256'] }] }, rules },
      'identity.jwt.0.algorithms.0: expected one of "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", received "HS256"',
    ],
  ];
  for (const [what, config, fault] of refusals) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(faultsOf(config), [fault]);
    });
  }

  it('refuse keys of an issuer over plain HTTP from another machine', () => {
    const from = (jwksUrl: string): readonly string[] =>
      faultsOf({ identity: { jwt: [{ ...issuer, jwksUrl }] }, rules });
    assert.equal(from('http://id.bank.ae/jwks').length, 1);
    assert.equal(from('http://localhost.evil.test/jwks').length, 1);
    assert.deepEqual(from('http://127.0.0.1:8080/jwks'), []);
  });
});
