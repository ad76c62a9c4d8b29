import type { Input } from '@pulumi/pulumi';
import { crossRegionProfiles, globalServices } from '../facts/global-services';
import type { Statement } from '../support/policy';

interface GuardrailScope {
  /** Regions that the zone permits. */
  readonly regions: readonly string[];
  /** ARNs of the roles that a denial spares. */
  readonly breakGlass: readonly Input<string>[];
  /** ARNs of the roles that deploy. */
  readonly deployers: readonly Input<string>[];
}

/** Nothing happens in a region that the zone does not permit. */
export function regionDeny({ regions, breakGlass }: GuardrailScope): readonly Statement[] {
  return [
    {
      Sid: 'OutsideTheZone',
      Effect: 'Deny',
      NotAction: globalServices.map(({ prefix }) => `${prefix}:*`),
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': [...regions] },
        ...sparing(breakGlass),
      },
    },
    {
      Sid: 'AnswersFromSeveralRegions',
      Effect: 'Deny',
      Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      Resource: [`arn:aws:bedrock:*:*:${crossRegionProfiles}`],
      ...conditions(sparing(breakGlass)),
    },
  ];
}

/** No copy is set up that a service would then make abroad by itself. */
export function copyDeny(scope: GuardrailScope): readonly Statement[] {
  const { regions, breakGlass, deployers } = scope;
  const everywhere = { Effect: 'Deny', Resource: '*' } as const;
  const spared = conditions(sparing(breakGlass));
  return [
    {
      Sid: 'Copies',
      ...everywhere,
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
      ...spared,
    },
    {
      // An ImageRegistry writes an empty one.
      Sid: 'CopiesOfImages',
      ...everywhere,
      Action: 'ecr:PutReplicationConfiguration',
      ...conditions(sparing([...breakGlass, ...deployers])),
    },
    {
      Sid: 'KeysOfSeveralRegions',
      ...everywhere,
      Action: 'kms:CreateKey',
      Condition: { Bool: { 'kms:MultiRegion': 'true' }, ...sparing(breakGlass) },
    },
    {
      // A private address of a service abroad is private, and abroad.
      Sid: 'EndpointsOfOtherRegions',
      ...everywhere,
      Action: 'ec2:CreateVpcEndpoint',
      Condition: {
        StringNotEqualsIfExists: { 'ec2:VpceServiceRegion': [...regions] },
        ...sparing(breakGlass),
      },
    },
  ];
}

type Condition = Readonly<Record<string, Readonly<Record<string, Input<string>[]>>>>;

function sparing(roles: readonly Input<string>[]): Condition {
  return roles.length === 0 ? {} : { ArnNotLike: { 'aws:PrincipalArn': [...roles] } };
}

/** IAM takes no empty condition. */
function conditions(condition: Condition): { Condition?: Condition } {
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}
