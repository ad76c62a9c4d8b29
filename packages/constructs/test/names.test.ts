import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { validateName } from '../src/names';
import { refuses } from './support/errors';

describe('validateName', () => {
  const construct = new Construct(new App(), 'here');

  for (const name of ['a', 'fraud', 'fraud-2', 'a'.repeat(50)]) {
    it(`accepts "${name}"`, () => {
      validateName(construct, 'id', name);
    });
  }

  for (const name of ['', 'Fraud', '2fraud', 'fraud-', 'fraud_2', 'fraud.2', 'a'.repeat(51)]) {
    it(`refuses "${name}"`, () => {
      refuses(
        () => {
          validateName(construct, 'namespace', name);
        },
        'MANARA_NAME',
        '[here] namespace',
        `received "${name}"`,
        'at most 50',
      );
    });
  }
});
