import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { validateId, validateName } from '../../src/props/names';
import { refuses } from '../support/errors';
import { untyped } from '../support/fixtures';

describe('validateName', () => {
  for (const name of ['a', 'fraud', 'fraud-2', 'a'.repeat(50)]) {
    it(`accepts "${name}"`, () => {
      validateName('here', 'namespace', name);
    });
  }

  for (const name of ['', 'Fraud', '2fraud', 'fraud-', 'fraud_2', 'fraud.2', 'a'.repeat(51)]) {
    it(`refuses "${name}"`, () => {
      refuses(
        () => {
          validateName('here', 'namespace', name);
        },
        'MANARA_NAME',
        '[here] namespace',
        `received "${name}"`,
        'at most 50',
      );
    });
  }

  it('refuses what is no text', () => {
    refuses(
      () => {
        validateName('here', 'namespace', untyped(undefined));
      },
      'MANARA_NAME',
      'received nothing',
    );
  });
});

describe('validateId', () => {
  it('refuses an id that is taken, naming the path', () => {
    const app = new App();
    const bank = new Construct(app, 'bank');
    new Construct(bank, 'fraud');
    refuses(() => validateId(bank, 'fraud'), 'MANARA_NAME', '[bank/fraud] id:', '"fraud" is taken');
    refuses(() => validateId(app, 'bank'), 'MANARA_NAME', '[bank] id:', '"bank" is taken');
  });
});
