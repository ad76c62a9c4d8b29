import assert from 'node:assert/strict';
import { auditTree, hasLate, ModelArtifact } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { ModelBucket } from '../src';
import { account, home, inputsOf, lazily, record, tags } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base, network } from './support/stack';

const region = 'me-central-1';
const ours = tags('ModelBucket/models');
const of = { bucket: 'models-bucket', region };

function bucket(on: Base, args: object = {}): ModelBucket<'aws:me-central-1' | 'azure:uaenorth'> {
  return new ModelBucket('models', { ...on, network: network({ ...on, place: home }), ...args });
}

const cluster = { name: 'dubai', clusterName: 'dubai', arn: 'arn:cluster' };
const reader = { namespace: 'bank', serviceAccount: 'fraud' };

const usual = lazily(() =>
  record(() => {
    const made = bucket(base());
    made.grantRead(cluster, reader);
    return made;
  }),
);

async function inputs(type: string, name: string) {
  return inputsOf((await usual()).registered, type, name);
}

interface Policy {
  readonly Statement: readonly { readonly Sid: string }[];
}

const tls = (name: string) =>
  [
    ['OverTls', { Bool: { 'aws:SecureTransport': 'false' } }],
    ['OverTls12', { NumericLessThan: { 's3:TlsVersion': '1.2' } }],
  ].map(([Sid, Condition]) => ({
    Sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:${name}`, `arn:${name}/*`],
    Condition,
  }));

describe('ModelBucket', () => {
  it('is private, owned by the account, versioned and encrypted with the key for models', async () => {
    assert.deepEqual(await inputs('aws:s3/bucket:Bucket', 'models'), {
      objectLockEnabled: true,
      region,
      tags: ours,
    });
    assert.deepEqual(
      await inputs('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'models'),
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    );
    assert.deepEqual(
      await inputs('aws:s3/bucketOwnershipControls:BucketOwnershipControls', 'models'),
      {
        ...of,
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      },
    );
    assert.deepEqual(await inputs('aws:s3/bucketVersioning:BucketVersioning', 'models'), {
      ...of,
      versioningConfiguration: { status: 'Enabled' },
    });
    assert.deepEqual(
      await inputs(
        'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
        'models',
      ),
      {
        ...of,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: 'aws:kms',
              kmsMasterKeyId: 'arn:keys-models',
            },
            bucketKeyEnabled: true,
          },
        ],
      },
    );
    assert.deepEqual(
      await inputs('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', 'models'),
      {
        ...of,
        rules: [
          {
            id: 'abort-unfinished-uploads',
            status: 'Enabled',
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    );
  });

  const lockType = 'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration';

  it('locks each version for 30 days, and its audit for a year, in the same mode', async () => {
    assert.deepEqual(await inputs(lockType, 'models'), {
      ...of,
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: 30 } },
    });
    assert.deepEqual(await inputs(lockType, 'models-audit'), {
      bucket: 'models-audit-bucket',
      region,
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: 365 } },
    });
    const { registered } = await record(() =>
      bucket(base(), { lock: { mode: 'compliance', days: 400 } }),
    );
    assert.deepEqual(inputsOf(registered, lockType, 'models').rule, {
      defaultRetention: { mode: 'COMPLIANCE', days: 400 },
    });
  });

  it('lets weights through the network’s endpoint only, under its own key, and copies none', async () => {
    const { policy } = await inputs('aws:s3/bucketPolicy:BucketPolicy', 'models');
    const put = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:models/*',
    };
    assert.deepEqual((policy as Policy).Statement, [
      ...tls('models'),
      {
        Sid: 'ThroughTheNetwork',
        Effect: 'Deny',
        Principal: '*',
        Action: [
          's3:AbortMultipartUpload',
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:GetObject',
          's3:GetObjectAttributes',
          's3:GetObjectVersion',
          's3:PutObject',
          's3:PutObjectRetention',
          's3:RestoreObject',
        ],
        Resource: 'arn:models/*',
        Condition: { StringNotEquals: { 'aws:SourceVpce': 'net-s3-id' } },
      },
      {
        Sid: 'UnderKms',
        ...put,
        Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      },
      {
        Sid: 'UnderTheOwnKey',
        ...put,
        Condition: {
          StringNotEqualsIfExists: {
            's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:keys-models',
          },
        },
      },
      {
        Sid: 'NoReplication',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutReplicationConfiguration',
        Resource: 'arn:models',
      },
    ]);
  });

  it('denies nothing that Pulumi does to the bucket itself, from wherever it runs', async () => {
    const { policy } = await inputs('aws:s3/bucketPolicy:BucketPolicy', 'models');
    const [door] = (policy as Policy).Statement.filter(({ Sid }) => Sid === 'ThroughTheNetwork');
    for (const action of ['ListBucket', 'GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucket']) {
      assert.doesNotMatch(JSON.stringify(door), new RegExp(`s3:${action}"`));
    }
  });

  it('lets the roles that publish come from elsewhere', async () => {
    const publisher = `arn:aws:iam::${account}:role/publisher`;
    const { registered } = await record(() => bucket(base(), { publishers: [output(publisher)] }));
    const { policy } = inputsOf(registered, 'aws:s3/bucketPolicy:BucketPolicy', 'models');
    assert.deepEqual(
      (policy as { Statement: { Sid: string; Condition?: object }[] }).Statement.find(
        ({ Sid }) => Sid === 'ThroughTheNetwork',
      )?.Condition,
      {
        StringNotEquals: { 'aws:SourceVpce': 'net-s3-id' },
        ArnNotLike: { 'aws:PrincipalArn': [publisher] },
      },
    );
  });

  it('records in the same region who read or wrote which object', async () => {
    assert.deepEqual(await inputs('aws:cloudtrail/trail:Trail', 'models-data-events'), {
      name: 'models-data-events',
      s3BucketName: 'models-audit-bucket',
      kmsKeyId: 'arn:keys-logs',
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      advancedEventSelectors: [
        {
          name: 'Objects of models',
          fieldSelectors: [
            { field: 'eventCategory', equals: ['Data'] },
            { field: 'resources.type', equals: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWiths: ['arn:models/'] },
          ],
        },
      ],
      region,
      tags: ours,
    });
    const { registered } = await usual();
    const trail = registered.find(({ name }) => name === 'models-data-events');
    assert(trail?.dependsOn.includes('models-audit'));
  });

  it('lets that trail, and no other, write to the audit bucket', async () => {
    const { policy } = await inputs('aws:s3/bucketPolicy:BucketPolicy', 'models-audit');
    const trail = `arn:aws:cloudtrail:me-central-1:${account}:trail/models-data-events`;
    const allowed = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
    assert.deepEqual((policy as Policy).Statement, [
      ...tls('models-audit'),
      {
        Sid: 'TrailLooks',
        ...allowed,
        Action: 's3:GetBucketAcl',
        Resource: 'arn:models-audit',
        Condition: { StringEquals: { 'aws:SourceArn': trail } },
      },
      {
        Sid: 'TrailDelivers',
        ...allowed,
        Action: 's3:PutObject',
        Resource: `arn:models-audit/AWSLogs/${account}/*`,
        Condition: {
          StringEquals: { 'aws:SourceArn': trail, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      },
    ]);
  });

  it('makes no trail where one exists, and declares where that writes', async () => {
    const { registered, result } = await record(() =>
      bucket(base(), { trail: { name: 'organisation', place: 'aws:me-central-1' } }),
    );
    assert(!registered.some(({ name }) => /audit|data-events/.test(name)));
    const logs = auditTree(result.zone)
      .flatMap(({ flows }) => flows)
      .filter(({ kind, owner }) => kind === 'log' && owner === 'bank/aws:ModelBucket:models');
    assert.deepEqual(
      logs.map((flow) => flow.status === 'declared' && [flow.from.name, flow.to]),
      [['model bucket models', { name: 'trail organisation', place: home }]],
    );
  });

  it('declares that weights rest where it stands', async () => {
    const { result } = await usual();
    const end = { name: 'model bucket models', place: home };
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner, kind }) => owner === 'bank/aws:ModelBucket:models' && kind === 'storage'),
      [
        {
          status: 'declared',
          kind: 'storage',
          owner: 'bank/aws:ModelBucket:models',
          dataClasses: result.zone.data,
          from: end,
          to: end,
          encryption: 'local',
        },
      ],
    );
  });

  it('is a store for artifacts, reached at the network’s endpoints', async () => {
    const { store } = (await usual()).result;
    const artifact = new ModelArtifact({
      bucket: store,
      key: 'fraud/1/model.onnx',
      sha256: 'a'.repeat(64),
      sizeBytes: 1,
    });
    assert.equal(store.place, home);
    assert(hasLate(artifact.bucket.uriOf(artifact.key)));
    assert.deepEqual(store.peer?.cidrs, ['10.20.192.0/26', '10.20.192.64/26', '10.20.192.128/26']);
  });

  it('lets the pods of one service account read and decrypt, and do nothing else', async () => {
    const name = 'models-reader-dubai-bank-fraud';
    assert.deepEqual(await inputs('aws:iam/role:Role', name), {
      namePrefix: 'models-reader-',
      description: 'Reads models for bank/fraud of dubai',
      assumeRolePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Condition: {
              StringEquals: {
                'aws:RequestTag/eks-cluster-arn': 'arn:cluster',
                'aws:RequestTag/kubernetes-namespace': 'bank',
                'aws:RequestTag/kubernetes-service-account': 'fraud',
              },
            },
          },
        ],
      },
      tags: ours,
    });
    assert.deepEqual(await inputs('aws:iam/rolePolicy:RolePolicy', name), {
      role: `${name}-role`,
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'ReadWeights',
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: 'arn:models/*',
          },
          {
            Sid: 'DecryptThem',
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: 'arn:keys-models',
            Condition: { StringEquals: { 'kms:ViaService': 's3.me-central-1.amazonaws.com' } },
          },
        ],
      },
    });
    assert.deepEqual(await inputs('aws:eks/podIdentityAssociation:PodIdentityAssociation', name), {
      clusterName: 'dubai',
      namespace: 'bank',
      serviceAccount: 'fraud',
      roleArn: `arn:${name}`,
      region,
      tags: ours,
    });
  });

  it('grants to no service account that is none, nor to all', async () => {
    const { registered } = await record(() => {
      const made = bucket(base());
      assert.throws(() => made.grantRead(cluster, { namespace: 'bank', serviceAccount: '*' }), {
        message:
          'manara:aws:ModelBucket "models": serviceAccount: expected a name of at most 63 lower-case letters, digits and "-"; a role is for one service account; received "*" (MANARA_ARGS)',
      });
    });
    assert(!registered.some(({ type }) => type.endsWith(':PodIdentityAssociation')));
  });

  refusesAbroad('models', (on) => bucket(on));
  refusesAbroad(
    'models',
    (on) => bucket({ ...on, place: home }, { trail: { name: 'abroad', place: on.place } }),
    /log flow of bank\/aws:ModelBucket:models: "trail abroad" is at aws:eu-west-1, outside zone/,
  );

  const at = 'manara:aws:ModelBucket "models":';
  refuses('models', [
    [
      'a lock of an unknown mode',
      (on) => bucket(on, { lock: { mode: 'GOVERNANCE', days: 1 } }),
      `${at} lock.mode: expected governance or compliance; received "GOVERNANCE" (MANARA_ARGS)`,
    ],
    [
      'a lock of no time',
      (on) => bucket(on, { lock: { mode: 'compliance', days: 0 } }),
      `${at} lock.days: expected whole days from 1 to 36500; received 0 (MANARA_ARGS)`,
    ],
    [
      'a network that is none',
      (on) => bucket(on, { network: 'vpc-1' }),
      `${at} network: expected a ServingNetwork; received "vpc-1" (MANARA_ARGS)`,
    ],
    [
      'a trail without a place',
      (on) => bucket(on, { trail: { name: 'x' } }),
      `${at} trail.place: expected text; received nothing (MANARA_ARGS)`,
    ],
    [
      'publishers that are no list',
      (on) => bucket(on, { publishers: 'arn:aws:iam::111122223333:role/a' }),
      `${at} publishers: expected a list, each text or an Output of it; received "arn:aws:iam::111122223333:role/a" (MANARA_ARGS)`,
    ],
  ]);
});
