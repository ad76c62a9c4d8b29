import assert from 'node:assert/strict';
import { FetchError, isPassingStatus, toFetchError } from '../../src/fetch/fetch-error';

function coded(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

describe('toFetchError', () => {
  it('tells faults of the network from faults of this machine', () => {
    assert.equal(toFetchError('u', coded('ECONNRESET')).passing, true);
    assert.equal(toFetchError('u', coded('EAI_AGAIN')).passing, true);
    assert.equal(toFetchError('u', coded('ENOSPC')).passing, false);
    assert.equal(toFetchError('u', coded('EACCES')).passing, false);
    assert.equal(toFetchError('u', coded('CERT_HAS_EXPIRED')).passing, false);
  });

  it('looks through to the cause, for its message and its code', () => {
    const cause = coded('UND_ERR_SOCKET', 'other side closed');
    const error = toFetchError('https://a/b', new TypeError('terminated', { cause }));
    assert.equal(error.message, 'https://a/b: terminated: other side closed');
    assert.equal(error.passing, true);
  });

  it('gives the code of an error without a message', () => {
    assert.equal(toFetchError('u', coded('ECONNREFUSED', '')).message, 'u: ECONNREFUSED');
  });

  it('leaves its own errors alone', () => {
    const error = new FetchError('said', false);
    assert.equal(toFetchError('u', error), error);
  });
});

describe('isPassingStatus', () => {
  it('is true for 5xx, 408, 425 and 429', () => {
    const all = [200, 301, 400, 401, 403, 404, 408, 410, 425, 429, 500, 503, 599];
    assert.deepEqual(all.filter(isPassingStatus), [408, 425, 429, 500, 503, 599]);
  });
});
