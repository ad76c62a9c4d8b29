import assert from 'node:assert/strict';
import { auditTree, late, none } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { ServingKeys, type ServingKeysArgs } from '../src';
import {
  account,
  home,
  inputsOf,
  lazily,
  namesOf,
  record,
  tags,
  type UaePlace,
  zone,
} from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';

type Args = Partial<ServingKeysArgs<'aws:me-central-1'>>;

const root = `arn:aws:iam::${account}:root`;
const purposes = ['models', 'images', 'secrets', 'logs', 'disks'] as const;

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Action: string | string[] }[];
}

function keys(args: object = {}, name = 'dubai'): ServingKeys<UaePlace> {
  return new ServingKeys(name, { zone: zone(), place: home, ...args });
}

const usual = lazily(() => record(() => keys()));

async function keyOf(purpose: string, args?: Args) {
  const { registered } = await (args === undefined ? usual() : record(() => keys(args)));
  return inputsOf(registered, 'aws:kms/key:Key', `dubai-${purpose}`);
}

async function statementsOf(purpose: string, args?: Args) {
  const { policy } = await keyOf(purpose, args);
  return (policy as Policy).Statement;
}

describe('ServingKeys', () => {
  it('has a key and an alias for each purpose, as its children', async () => {
    const { registered, result } = await usual();
    assert.deepEqual([...namesOf(registered)].sort(), [
      ...purposes.map((purpose) => `Alias dubai-${purpose}`).sort(),
      ...purposes.map((purpose) => `Key dubai-${purpose}`).sort(),
      'ServingKeys dubai',
    ]);
    for (const { name, parent } of registered)
      assert.equal(parent, name === 'dubai' ? '' : 'dubai');
    assert.equal(result.region, 'me-central-1');
  });

  it('keeps each key in one region, and rotates it', async () => {
    const { policy, ...inputs } = await keyOf('models');
    assert.notEqual(policy, undefined);
    assert.deepEqual(inputs, {
      description: 'Manara dubai: models',
      region: 'me-central-1',
      multiRegion: false,
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 30,
      tags: tags('ServingKeys/dubai'),
    });
  });

  it('points an alias at each', async () => {
    const { registered } = await usual();
    assert.deepEqual(inputsOf(registered, 'aws:kms/alias:Alias', 'dubai-logs'), {
      name: 'alias/dubai-logs',
      targetKeyId: 'dubai-logs-key',
      region: 'me-central-1',
    });
  });

  it('takes the days and tags that it is given', async () => {
    const inputs = await keyOf('disks', {
      deletionWindowDays: 7,
      rotationDays: 90,
      tags: { team: 'fraud' },
    });
    assert.equal(inputs.deletionWindowInDays, 7);
    assert.equal(inputs.rotationPeriodInDays, 90);
    assert.deepEqual(inputs.tags, { team: 'fraud', ...tags('ServingKeys/dubai') });
  });

  it('lets administrators administer, and not encrypt or decrypt', async () => {
    const admin = `arn:aws:iam::${account}:role/keys`;
    for (const purpose of purposes) {
      const [first] = await statementsOf(purpose, { administrators: [output(admin)] });
      assert.deepEqual(
        { ...first, Action: undefined },
        {
          Sid: 'Administer',
          Effect: 'Allow',
          Principal: { AWS: [admin] },
          Action: undefined,
          Resource: '*',
        },
      );
      const actions = [first?.Action ?? []].flat();
      assert(actions.includes('kms:PutKeyPolicy'));
      assert.deepEqual(
        actions.filter((action) => /crypt|DataKey|CreateGrant|Replicate|\*/.test(action)),
        [],
      );
    }
  });

  it('leaves administration to the IAM policies of the account by default', async () => {
    const [first] = await statementsOf('models');
    assert.deepEqual((first as { Principal?: unknown }).Principal, { AWS: [root] });
  });

  it('names every action: no policy has a wildcard in one', async () => {
    for (const purpose of purposes) {
      const actions = (await statementsOf(purpose)).flatMap(({ Action }) => Action);
      assert.deepEqual(
        actions.filter((action) => !/^kms:[A-Za-z]+$/.test(action)),
        [],
      );
    }
  });

  const uses: Readonly<Record<(typeof purposes)[number], readonly object[]>> = {
    models: [
      {
        Sid: 'ThroughS3',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 's3.me-central-1.amazonaws.com' } },
      },
    ],
    images: [
      {
        Sid: 'ThroughECR',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKey',
          'kms:RetireGrant',
        ],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 'ecr.me-central-1.amazonaws.com' } },
      },
    ],
    secrets: [
      {
        Sid: 'EnvelopeSecrets',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:ListGrants',
        ],
        Resource: '*',
      },
    ],
    logs: [
      {
        Sid: 'EncryptLogGroups',
        Effect: 'Allow',
        Principal: { Service: 'logs.me-central-1.amazonaws.com' },
        Action: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        Resource: '*',
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:me-central-1:${account}:log-group:*`,
          },
        },
      },
      {
        Sid: 'EncryptTrails',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: ['kms:DescribeKey', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:me-central-1:${account}:trail/*` },
        },
      },
      {
        Sid: 'ThroughS3',
        Effect: 'Allow',
        Principal: { AWS: root },
        Action: ['kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 's3.me-central-1.amazonaws.com' } },
      },
      {
        Sid: 'EncryptNotices',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
      },
      {
        Sid: 'ThroughSQS',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': 'sqs.me-central-1.amazonaws.com' } },
      },
    ],
    disks: [
      {
        Sid: 'AttachDisks',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': 'ec2.me-central-1.amazonaws.com',
          },
        },
      },
    ],
  };

  for (const purpose of purposes) {
    it(`opens the key for ${purpose} to that purpose's service alone`, async () => {
      const [, ...rest] = await statementsOf(purpose);
      assert.deepEqual(rest, uses[purpose]);
    });
  }

  it('declares where the keys rest', async () => {
    const within = zone();
    await record(() => new ServingKeys('dubai', { zone: within, place: home }));
    const [audit] = auditTree(within);
    assert.deepEqual(
      audit?.flows.map(({ kind, owner, dataClasses }) => [kind, owner, dataClasses]),
      [['storage', 'bank/aws:ServingKeys:dubai', []]],
    );
  });

  refusesAbroad('dubai', ({ place }) => keys({ place }));

  const at = 'manara:aws:ServingKeys "dubai":';
  refuses('dubai', [
    [
      'a deletion window out of range',
      () => keys({ deletionWindowDays: 31 }),
      `${at} deletionWindowDays: expected whole days from 7 to 30; received 31 (MANARA_ARGS)`,
    ],
    [
      'a rotation out of range',
      () => keys({ rotationDays: 89.5 }),
      `${at} rotationDays: expected whole days from 90 to 2560; received 89.5 (MANARA_ARGS)`,
    ],
    [
      'a late value where shape is needed',
      () => keys({ rotationDays: output(90) }),
      `${at} rotationDays: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'administrators that are no ARNs',
      () => keys({ administrators: [none('x')] }),
      `${at} administrators.0: expected text or an Output of it; received a Absent (MANARA_ARGS)`,
    ],
    [
      'what is no zone',
      () => keys({ zone: 'bank' }),
      `${at} zone: expected a ResidencyZone; received "bank" (MANARA_ARGS)`,
    ],
    [
      "a tag of Manara's own",
      () => keys({ tags: { 'manara.dev/zone': 'other' } }),
      `${at} tags: expected no key under manara.dev/; received "manara.dev/zone" (MANARA_ARGS)`,
    ],
    [
      'a name that AWS would not take',
      () => keys({}, 'Dubai_1'),
      `manara:aws:ServingKeys "Dubai_1": name: expected at most 28 lower-case letters, digits and "-", starting with a letter; received "Dubai_1" (MANARA_ARGS)`,
    ],
    [
      'a region of another partition',
      () => keys({ place: 'aws:cn-north-1' }),
      `${at} place: expected a region of the partition "aws", whose names and accounts the components are written for; received "aws:cn-north-1" (MANARA_PLACE)`,
    ],
    [
      'a place of another cloud',
      () => keys({ place: 'azure:uaenorth' }),
      `${at} place: expected a region of aws; received "azure:uaenorth" (MANARA_PLACE)`,
    ],
    [
      'a marker of late() in tags, which no reader would fill',
      () => keys({ tags: { owner: late('owner') } }),
      `${at} tags.owner: expected a value that AWS takes: letters, digits, spaces and _ . : / = + - @; received "\${late:owner}" (MANARA_ARGS)`,
    ],
  ]);
});
