import { type Input, type Output, interpolate } from '@pulumi/pulumi';
import { policyDocument, type Statement } from './policy';

/** What a key encrypts. */
export type KeyPurpose = 'models' | 'images' | 'secrets' | 'logs' | 'disks';

interface KeyScope {
  readonly account: Output<string>;
  readonly region: string;
  /** ARNs; none leaves it to the account's IAM policies. */
  readonly administrators: readonly Input<string>[];
}

/**
 * Who may administer a key, and which services may use it. Nobody else in the account may, whatever
 * their IAM policies say: only the service that a purpose belongs to opens the way.
 */
export function keyPolicy(purpose: KeyPurpose, scope: KeyScope): Output<string> {
  return policyDocument(administration(scope), ...uses[purpose](scope));
}

/** Those of AWS's example for key administrators, less imports of material and replicas. */
const administrativeActions = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  // An alias is a resource of its own, but its key must allow it too.
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:UpdateAlias',
];

function administration({ account, administrators }: KeyScope): Statement {
  return {
    Sid: 'Administer',
    Effect: 'Allow',
    Principal: { AWS: administrators.length > 0 ? [...administrators] : [rootOf(account)] },
    Action: administrativeActions,
    Resource: '*',
  };
}

/** The account itself: its IAM policies decide who. */
function rootOf(account: Output<string>): Output<string> {
  return interpolate`arn:aws:iam::${account}:root`;
}

const uses: Readonly<Record<KeyPurpose, (scope: KeyScope) => readonly Statement[]>> = {
  models: (scope) => [throughService('s3', scope, ['kms:Decrypt', 'kms:GenerateDataKey'])],
  images: (scope) => [
    throughService('ecr', scope, [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:RetireGrant',
    ]),
  ],
  secrets: ({ account }) => [
    {
      Sid: 'EnvelopeSecrets',
      Effect: 'Allow',
      Principal: { AWS: rootOf(account) },
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
  logs: (scope) => [
    logGroups(scope),
    trails(scope),
    throughService('s3', scope, ['kms:Decrypt']),
    notices,
    throughService('sqs', scope, ['kms:Decrypt']),
  ],
  disks: ({ account, region }) => [
    {
      // As the account's own key for EBS: Auto Scaling's role, which has no IAM policy of ours, starts
      // the nodes.
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
          'kms:ViaService': `ec2.${region}.amazonaws.com`,
        },
      },
    },
  ],
};

/** IAM policies decide who; this, that they go through a service in this region. */
function throughService(
  service: string,
  { account, region }: KeyScope,
  actions: string[],
): Statement {
  return {
    Sid: `Through${service.toUpperCase()}`,
    Effect: 'Allow',
    Principal: { AWS: rootOf(account) },
    Action: actions,
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
  };
}

function logGroups({ account, region }: KeyScope): Statement {
  return {
    Sid: 'EncryptLogGroups',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
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
        'kms:EncryptionContext:aws:logs:arn': interpolate`arn:aws:logs:${region}:${account}:log-group:*`,
      },
    },
  };
}

function trails({ account, region }: KeyScope): Statement {
  return {
    Sid: 'EncryptTrails',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['kms:DescribeKey', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: {
      ArnLike: { 'aws:SourceArn': interpolate`arn:aws:cloudtrail:${region}:${account}:trail/*` },
    },
  };
}

/** Whose rules may send to a queue is for the queue's own policy to say. */
const notices: Statement = {
  Sid: 'EncryptNotices',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: '*',
};
