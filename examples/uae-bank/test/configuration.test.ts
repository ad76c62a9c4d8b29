import assert from 'node:assert/strict';
import { recordRefusal } from '@manara/pulumi-testing';
import { readConfiguration } from '../configuration';
import {
  configure,
  declaredKeys,
  defaults,
  runRefused,
  settingsOf,
  type Values,
} from './support/stack';

/** What is said of a configuration that must be refused. */
async function refusal(values: Values, secrets: readonly string[] = []): Promise<string> {
  const { message } = await recordRefusal(() => {
    configure(values, secrets);
    readConfiguration();
  });
  return message;
}

describe('readConfiguration', () => {
  for (const stack of ['development', 'production'] as const) {
    it(`takes what Pulumi.${stack}.yaml says, all of which Pulumi.yaml declares`, async () => {
      const settings = settingsOf(stack);
      assert.equal(await refusal(settings), '');
      assert.deepEqual(
        Object.keys(settings).filter((key) => !declaredKeys().includes(key)),
        [],
      );
    });
  }

  it('asks which kind of stack it is before it asks for anything else', async () => {
    assert.equal(
      await refusal({ ...defaults(), clusters: 'both' }),
      [
        "the stack's configuration has a fault:",
        '  clusters: expected existing or create; received "both"',
        '    pulumi config set clusters existing',
      ].join('\n'),
    );
  });

  it('lists every fault, with what was received, what is allowed, and the command that mends it', async () => {
    assert.equal(
      await refusal({
        ...settingsOf('production'),
        fraudVersion: 3,
        awsAccount: '1111-2222-3333',
        awsNetwork: '',
        awsGateways: ['203.0.113.10', '203.0.113.256'],
        azureGateways: [],
        azureSubscription: 'bank',
      }),
      [
        "the stack's configuration has 6 faults:",
        '  fraudVersion: expected 1 or 2; received "3"',
        '    pulumi config set fraudVersion 1',
        '  awsAccount: expected the 12 digits of an account of AWS; received "1111-2222-3333"',
        '    pulumi config set awsAccount 111122223333',
        '  awsNetwork: expected a range of IPv4 addresses; received nothing',
        '    pulumi config set awsNetwork 10.20.0.0/16',
        '  awsGateways: expected a list of at least one, each an IPv4 address; received ["203.0.113.10","203.0.113.256"]',
        "    pulumi config set --path 'awsGateways[1]' 203.0.113.10",
        '  azureSubscription: expected an id of Azure; received "bank"',
        '    pulumi config set azureSubscription 00000000-0000-4000-8000-000000000001',
        '  azureGateways: expected a list of at least one, each an IPv4 address; received nothing',
        "    pulumi config set --path 'azureGateways[0]' 203.0.113.10",
      ].join('\n'),
    );
  });

  it('refuses a secret where it would come into the state in clear, and says nothing of its value', async () => {
    const secrets = ['clusters', 'awsAccount', 'awsGateways', 'hostedZone'];
    const settings = { ...settingsOf('production'), hostedZone: 'none', azureNetwork: '' };
    assert.equal(
      await refusal(settings, secrets.slice(0, 1)),
      [
        "the stack's configuration has a fault:",
        '  clusters: expected a value in the clear, as the state is to show it; received a secret',
        '    pulumi config set --plaintext clusters existing',
      ].join('\n'),
    );
    assert.equal(
      await refusal(settings, secrets.slice(1)),
      [
        "the stack's configuration has 4 faults:",
        '  awsAccount: expected a value in the clear, as the state is to show it; received a secret',
        '    pulumi config set --plaintext awsAccount 111122223333',
        '  awsGateways: expected a value in the clear, as the state is to show it; received a secret',
        "    pulumi config set --plaintext --path 'awsGateways[0]' 203.0.113.10",
        '  hostedZone: expected a value in the clear, as the state is to show it; received a secret',
        '    pulumi config set --plaintext hostedZone Z0123456789ABCDEFGHIJ',
        '  azureNetwork: expected a range of IPv4 addresses; received nothing',
        '    pulumi config set azureNetwork 10.20.0.0/16',
      ].join('\n'),
    );
  });

  it('takes the two roles as secrets, as which they are read', async () => {
    const roles = ['modelReaderRole', 'modelCopyRole'];
    assert.equal(await refusal(settingsOf('development'), roles), '');
  });

  it('names every key that a new stack of either kind lacks', async () => {
    const faults = async (clusters: string) =>
      (await refusal({ ...defaults(), clusters }))
        .match(/^ {2}\w+(?=:)/gm)
        ?.map((key) => key.trim());
    assert.deepEqual(await faults('existing'), [
      'modelBucket',
      'modelReaderRole',
      'modelCopyRole',
      'awsRegistry',
      'azureRegistry',
    ]);
    const kinds = ['clusters', 'fraudVersion', 'kubernetesVersion'];
    const existing = ['awsContext', 'azureContext', ...((await faults('existing')) ?? [])];
    const create = declaredKeys().filter((key) => ![...kinds, ...existing].includes(key));
    assert.deepEqual([...((await faults('create')) ?? [])].sort(), [...create].sort());
  });

  it('ends the program before anything is registered', async () => {
    const { registered, message } = await runRefused({
      ...settingsOf('production'),
      hostedZone: 'bank.example',
    });
    assert.match(message, /^the stack's configuration has a fault:\n {2}hostedZone: /);
    assert.deepEqual(registered, []);
  });
});
