import assert from 'node:assert/strict';
import { auditTree, splitLate } from '@manara/constructs';
import { settled } from '@manara/pulumi-testing';
import type { Output } from '@pulumi/pulumi';
import { ImageRegistry } from '../src';
import { account, home, inputsOf, lazily, namesOf, record, tags } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base } from './support/stack';

const region = 'me-central-1';

function registry(
  on: Base,
  args: object = {},
): ImageRegistry<'aws:me-central-1' | 'azure:uaenorth'> {
  return new ImageRegistry('images', { ...on, repositories: ['manara-server'], ...args });
}

const usual = lazily(() => record(() => registry(base())));

async function inputs(type: string, name: string) {
  return inputsOf((await usual()).registered, type, name);
}

describe('ImageRegistry', () => {
  it('has repositories whose tags never move, scanned and encrypted with the key for images', async () => {
    assert.deepEqual(await inputs('aws:ecr/repository:Repository', 'images-manara-server'), {
      name: 'images/manara-server',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: 'arn:keys-images' }],
      region,
      tags: tags('ImageRegistry/images'),
    });
  });

  it('drops images without a tag after 14 days', async () => {
    assert.deepEqual(
      await inputs('aws:ecr/lifecyclePolicy:LifecyclePolicy', 'images-manara-server'),
      {
        repository: 'images/manara-server',
        policy: {
          rules: [
            {
              rulePriority: 1,
              description: 'Images without a tag',
              selection: {
                tagStatus: 'untagged',
                countType: 'sinceImagePushed',
                countUnit: 'days',
                countNumber: 14,
              },
              action: { type: 'expire' },
            },
          ],
        },
        region,
      },
    );
  });

  it('closes replication and pull-through for the whole registry', async () => {
    assert.deepEqual(
      await inputs(
        'aws:ecr/replicationConfiguration:ReplicationConfiguration',
        'images-replication',
      ),
      { replicationConfiguration: { rules: [] }, region },
    );
    assert.deepEqual(await inputs('aws:ecr/registryPolicy:RegistryPolicy', 'images-registry'), {
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'NoPullThroughNoReplicas',
            Effect: 'Deny',
            Principal: '*',
            Action: ['ecr:BatchImportUpstreamImage', 'ecr:ReplicateImage'],
            Resource: `arn:aws:ecr:me-central-1:${account}:repository/*`,
          },
        ],
      },
      region,
    });
  });

  it('leaves the whole registry to another program where that is said, and claims nothing of it', async () => {
    const { registered, result } = await record(() =>
      registry(base(), { settingsElsewhere: true, repositories: ['a', 'b'] }),
    );
    assert.deepEqual(namesOf(registered.filter(({ parent }) => parent === 'images')), [
      'Repository images-a',
      'Repository images-b',
      'LifecyclePolicy images-a',
      'LifecyclePolicy images-b',
    ]);
    const flows = auditTree(result.zone).flatMap((audit) => audit.flows);
    assert(!flows.some(({ status }) => status === 'absent'));
  });

  it('is the registry that sites pull from, of its account and region', async () => {
    const { result } = await usual();
    const [prefix] = splitLate(result.registry.prefix);
    assert(typeof prefix === 'object');
    assert.equal(
      await settled(prefix.source as Output<string>),
      `${account}.dkr.ecr.me-central-1.amazonaws.com/images`,
    );
    assert.equal(result.registry.place, home);
    const arn = result.repositoryArns['manara-server'];
    assert(arn !== undefined);
    assert.equal(await settled(arn), 'arn:images-manara-server');
  });

  it('declares where images rest, and that they are copied nowhere', async () => {
    const { result } = await usual();
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner }) => owner === 'bank/aws:ImageRegistry:images')
        .map((flow) => [flow.kind, flow.status === 'absent' ? flow.reason : flow.status]),
      [
        ['storage', 'declared'],
        [
          'image',
          'registry images has no replication rule, and its policy denies replicas and pull-through',
        ],
      ],
    );
  });

  const cluster = { name: 'dubai', clusterName: 'dubai', arn: 'arn:cluster' };

  it('lets the pods of one service account log in and pull its images, and do nothing else', async () => {
    const { registered } = await record(() =>
      registry(base(), { repositories: ['manara-server', 'krane'] }).grantPull(cluster, {
        namespace: 'bank',
        serviceAccount: 'uae-images',
      }),
    );
    const name = 'images-puller-dubai-bank-uae-images';
    const { namePrefix, description, assumeRolePolicy } = inputsOf(
      registered,
      'aws:iam/role:Role',
      name,
    );
    assert.deepEqual(
      [namePrefix, description],
      ['images-puller-', 'Pulls from images for bank/uae-images of dubai'],
    );
    assert.match(
      JSON.stringify(assumeRolePolicy),
      /"aws:RequestTag\/kubernetes-service-account":"uae-images"/,
    );
    assert.deepEqual(inputsOf(registered, 'aws:iam/rolePolicy:RolePolicy', name), {
      role: `${name}-role`,
      policy: {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'LogIn', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
          {
            Sid: 'PullImages',
            Effect: 'Allow',
            Action: [
              'ecr:BatchCheckLayerAvailability',
              'ecr:BatchGetImage',
              'ecr:GetDownloadUrlForLayer',
            ],
            Resource: ['arn:images-manara-server', 'arn:images-krane'],
          },
        ],
      },
    });
    assert.deepEqual(
      inputsOf(registered, 'aws:eks/podIdentityAssociation:PodIdentityAssociation', name),
      {
        clusterName: 'dubai',
        namespace: 'bank',
        serviceAccount: 'uae-images',
        roleArn: `arn:${name}`,
        region,
        tags: tags('ImageRegistry/images'),
      },
    );
  });

  it('grants to no service account that is none, nor to all', async () => {
    const { registered } = await record(() => {
      const made = registry(base());
      assert.throws(() => made.grantPull(cluster, { namespace: 'bank', serviceAccount: '*' }), {
        message:
          'manara:aws:ImageRegistry "images": serviceAccount: expected a name of at most 63 lower-case letters, digits and "-"; a role is for one service account; received "*" (MANARA_ARGS)',
      });
    });
    assert(!registered.some(({ type }) => type.endsWith(':PodIdentityAssociation')));
  });

  refusesAbroad('images', (on) => registry(on));

  const at = 'manara:aws:ImageRegistry "images":';
  const names =
    'repositories: expected different names of images, of lower-case letters, digits, ".", "_" and "-"';
  refuses('images', [
    [
      'no repositories',
      (on) => registry(on, { repositories: [] }),
      `${at} ${names}; received [] (MANARA_ARGS)`,
    ],
    [
      'one twice',
      (on) => registry(on, { repositories: ['a', 'a'] }),
      `${at} ${names}; received "a" (MANARA_ARGS)`,
    ],
    [
      'a name that ECR would not take',
      (on) => registry(on, { repositories: ['Manara/Server'] }),
      `${at} ${names}; received "Manara/Server" (MANARA_ARGS)`,
    ],
    [
      'days out of range',
      (on) => registry(on, { untaggedDays: 0 }),
      `${at} untaggedDays: expected whole days from 1 to 3650; received 0 (MANARA_ARGS)`,
    ],
    [
      'what is neither true nor false',
      (on) => registry(on, { settingsElsewhere: 'no' }),
      `${at} settingsElsewhere: expected true or false; received "no" (MANARA_ARGS)`,
    ],
  ]);
});
