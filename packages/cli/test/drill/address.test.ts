import assert from 'node:assert/strict';
import { UsageError } from '../../src/cli-error';
import { parseAddress } from '../../src/drill/address';

describe('parseAddress', () => {
  it('keeps a path, drops the slash at its end, and fills the endpoint in', () => {
    assert.equal(
      parseAddress('--name', 'https://models.bank.example/v/')('fraud'),
      'https://models.bank.example/v',
    );
    const address = parseAddress('--name', 'http://{endpoint}.bank.svc:8000/{endpoint}');
    assert.equal(address('fraud'), 'http://fraud.bank.svc:8000/fraud');
  });

  for (const [text, reason] of [
    ['127.0.0.1:9001', 'that is no URL'],
    ['localhost:9001', 'that is neither http nor https'],
    ['grpc://models:9001', 'that is neither http nor https'],
    ['http://', 'that is no URL'],
    ['http://{model}.svc', 'only {endpoint} may stand in braces'],
    ['http://models/ v2', 'only {endpoint} may stand in braces'],
    ['http://user:secret@models', 'leave user and password out'],
    ['http://models?x=1', 'leave out what follows the path'],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(
        () => parseAddress('--site dubai', text),
        (error) =>
          error instanceof UsageError &&
          error.message.startsWith(
            '--site dubai: expected an address such as http://127.0.0.1:9001',
          ) &&
          error.message.endsWith(`: ${reason}`),
      );
    });
  }

  it('does not repeat a password', () => {
    assert.throws(
      () => parseAddress('--name', 'http://user:secret@models'),
      (error) => error instanceof UsageError && !error.message.includes('secret'),
    );
  });
});
