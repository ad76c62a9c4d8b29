import assert from 'node:assert/strict';
import { ResidencyZone } from '@manara/constructs';
import { settled } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';
import { globalServices, globalServiceSources, Guardrails } from '../src';
import { account, inputsOf, lazily, namesOf, record, tags, zone } from './support/fixtures';
import { refuses } from './support/refusals';

const deployer = `arn:aws:iam::${account}:role/deployer`;
const breakGlass = `arn:aws:iam::*:role/break-glass`;

function guardrails(args: object = {}): Guardrails {
  return new Guardrails('rails', { zone: zone(), targets: { serving: 'ou-1' }, ...args });
}

const usual = lazily(() => record(() => guardrails()));
const spared = lazily(() =>
  record(() => guardrails({ deployers: [deployer], breakGlass: [breakGlass] })),
);

const type = 'aws:organizations/policy:Policy';

interface Document {
  readonly Statement: readonly { readonly Sid: string; readonly Condition?: object }[];
}

async function statements(suffix: string, made = usual) {
  const { content } = inputsOf((await made()).registered, type, `rails-${suffix}`);
  return (content as Document).Statement;
}

describe('Guardrails', () => {
  it('are two service control policies, attached to each target', async () => {
    const { registered } = await usual();
    assert.deepEqual(namesOf(registered), [
      'Guardrails rails',
      'Policy rails-regions',
      'Policy rails-copies',
      'PolicyAttachment rails-regions-serving',
      'PolicyAttachment rails-copies-serving',
    ]);
    const { content, ...inputs } = inputsOf(registered, type, 'rails-regions');
    assert.notEqual(content, undefined);
    assert.deepEqual(inputs, {
      type: 'SERVICE_CONTROL_POLICY',
      description: 'Zone bank: regions',
      tags: tags('Guardrails/rails'),
    });
    assert.deepEqual(
      inputsOf(
        registered,
        'aws:organizations/policyAttachment:PolicyAttachment',
        'rails-copies-serving',
      ),
      { policyId: 'rails-copies-id', targetId: 'ou-1' },
    );
  });

  it('deny every region but the zone’s, and Bedrock’s profiles over several', async () => {
    assert.deepEqual(await statements('regions'), [
      {
        Sid: 'OutsideTheZone',
        Effect: 'Deny',
        NotAction: [
          'budgets:*',
          'ce:*',
          'health:*',
          'iam:*',
          'organizations:*',
          'route53:*',
          'support:*',
        ],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['me-central-1'] } },
      },
      {
        Sid: 'AnswersFromSeveralRegions',
        Effect: 'Deny',
        Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        // Whatever their prefix; an account's own are application-inference-profile/….
        Resource: ['arn:aws:bedrock:*:*:inference-profile/*'],
      },
    ]);
  });

  it('deny copies that a service would make abroad', async () => {
    const copies = await statements('copies');
    assert.deepEqual(copies, [
      {
        Sid: 'Copies',
        Effect: 'Deny',
        Resource: '*',
        Action: [
          'dynamodb:CreateGlobalTable',
          'dynamodb:CreateTableReplica',
          'ec2:ModifyImageAttribute',
          'ec2:ModifySnapshotAttribute',
          'ecr:CreatePullThroughCacheRule',
          'kms:ReplicateKey',
          's3:CreateMultiRegionAccessPoint',
          's3:PutReplicationConfiguration',
          'securityhub:CreateFindingAggregator',
        ],
      },
      {
        Sid: 'CopiesOfImages',
        Effect: 'Deny',
        Resource: '*',
        Action: 'ecr:PutReplicationConfiguration',
      },
      {
        Sid: 'KeysOfSeveralRegions',
        Effect: 'Deny',
        Resource: '*',
        Action: 'kms:CreateKey',
        Condition: { Bool: { 'kms:MultiRegion': 'true' } },
      },
      {
        Sid: 'EndpointsOfOtherRegions',
        Effect: 'Deny',
        Resource: '*',
        Action: 'ec2:CreateVpcEndpoint',
        Condition: { StringNotEqualsIfExists: { 'ec2:VpceServiceRegion': ['me-central-1'] } },
      },
    ]);
  });

  it('spare the break-glass roles everywhere, and who deploys only for the registry', async () => {
    const all = [...(await statements('regions', spared)), ...(await statements('copies', spared))];
    for (const { Sid, Condition } of all) {
      const roles = Sid === 'CopiesOfImages' ? [breakGlass, deployer] : [breakGlass];
      const { ArnNotLike } = Condition as { ArnNotLike: object };
      assert.deepEqual(ArnNotLike, { 'aws:PrincipalArn': roles }, Sid);
    }
  });

  it('fit into a service control policy, of at most 5120 characters', async () => {
    const { result } = await spared();
    for (const document of Object.values(result.documents)) {
      assert((await settled(document)).length <= 5120);
    }
  });

  it('permit every region of AWS that the zone does', async () => {
    const { result } = await record(() =>
      guardrails({
        zone: new ResidencyZone(new App(), 'two', {
          jurisdiction: Jurisdiction.AE_ONSHORE,
          places: ['azure:uaenorth', 'aws:me-central-1', 'aws:eu-west-1'],
          data: [DataClass.PUBLIC],
        }),
      }),
    );
    assert.deepEqual([...result.regions], ['me-central-1', 'eu-west-1']);
  });

  const at = 'manara:aws:Guardrails "rails":';
  refuses('rails', [
    [
      'no targets',
      () => guardrails({ targets: {} }),
      `${at} targets: expected an account or organizational unit; received an object (MANARA_ARGS)`,
    ],
    [
      'a target whose name is no part of one',
      () => guardrails({ targets: { 'All accounts': 'r-1' } }),
      `${at} targets: expected names of lower-case letters, digits and "-"; received "All accounts" (MANARA_ARGS)`,
    ],
    [
      'a zone without AWS',
      () =>
        guardrails({
          zone: new ResidencyZone(new App(), 'azure', {
            jurisdiction: Jurisdiction.AE_ONSHORE,
            places: ['azure:uaenorth'],
            data: [DataClass.PUBLIC],
          }),
        }),
      `${at} zone: expected one with a region of AWS; received ["azure:uaenorth"] (MANARA_ARGS)`,
    ],
  ]);
});

describe('the table of global services', () => {
  it('lets no service pass that carries requests itself, nor keys, nor data', () => {
    const prefixes = globalServices.map(({ prefix }) => prefix);
    for (const carrier of ['cloudfront', 'globalaccelerator', 'kms', 's3', 'sts', 'bedrock']) {
      assert(!prefixes.includes(carrier), carrier);
    }
  });

  it('says what each is needed for, and where it was read', () => {
    for (const { needed } of globalServices) assert.notEqual(needed, '');
    for (const { standing } of globalServiceSources) assert.equal(standing, 'primary');
  });
});
