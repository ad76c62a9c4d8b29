import { TokenIssuer, type TokenIssuerProps } from '../../src';
import type { UaePlace } from '../support/fixtures';
import { refuses } from '../support/errors';
import { keys } from './support';

const issuer = 'https://login.bank.example';
const publishedKeys = { uri: `${issuer}/keys`, place: 'aws:me-central-1' } as const;

function newIssuer(props: Partial<TokenIssuerProps<UaePlace>>): () => unknown {
  return () => new TokenIssuer<UaePlace>({ issuer, audiences: ['models'], ...props });
}

describe('TokenIssuer', () => {
  it('takes keys that are published, or given', () => {
    newIssuer({ keys })();
    newIssuer({ publishedKeys })();
  });

  it('refuses an identity provider without keys, or with two sets', () => {
    refuses(newIssuer({}), 'MANARA_GATEWAY', 'publishedKeys, keys:', issuer, 'received neither');
    refuses(newIssuer({ keys, publishedKeys }), 'MANARA_GATEWAY', 'received both');
  });

  it('refuses what is no key set, and an empty one', () => {
    for (const wrong of ['', 'null', '{}', '{"keys":[]}', '{"keys":["a"]}']) {
      refuses(newIssuer({ keys: wrong }), 'MANARA_GATEWAY', 'keys: expected a JSON Web Key Set');
    }
  });

  it('refuses keys that only the issuer may know', () => {
    for (const member of ['d', 'k']) {
      const secret = JSON.stringify({ keys: [{ kty: 'RSA', [member]: 'AQAB' }] });
      refuses(newIssuer({ keys: secret }), 'MANARA_GATEWAY', `secret member "${member}"`);
    }
  });

  it('refuses keys that anybody on the way could replace', () => {
    refuses(
      newIssuer({ publishedKeys: { ...publishedKeys, uri: 'http://login.bank.example/keys' } }),
      'MANARA_URI',
      'http://login.bank.example/keys',
    );
  });

  it('refuses to accept tokens that were made for anybody', () => {
    refuses(newIssuer({ keys, audiences: [] as never }), 'MANARA_GATEWAY', 'audiences:');
    refuses(newIssuer({ keys, issuer: '' }), 'MANARA_GATEWAY', 'issuer:');
  });
});
