import { ResidencyZone } from '@manara/constructs';
import {
  type Answers,
  type Inputs,
  record as recordWith,
  recordRefusal as recordRefusalWith,
  type Registered,
} from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';

export type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';

export const home = 'aws:me-central-1';

export function zone(app = new App()): ResidencyZone<UaePlace> {
  return new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });
}

/** The account that the mocked provider deploys into. */
export const account = '111122223333';

const answers: Answers = {
  calls: { 'aws:index/getCallerIdentity:getCallerIdentity': { accountId: account } },
  outputs: (type, name) => ({ arn: `arn:${name}`, ...outputsOf[type]?.(name) }),
};

const outputsOf: Readonly<Record<string, (name: string) => Inputs>> = {
  'aws:kms/key:Key': (name) => ({ keyId: `${name}-key` }),
  'aws:s3/bucket:Bucket': (name) => ({ bucket: `${name}-bucket` }),
  // S3's name has a star before it; the other services' have none.
  'aws:ec2/vpcEndpoint:VpcEndpoint': (name) => {
    const service = name.replace(/^.*-/, '');
    const dnsName = `vpce-${name}.${service}.me-central-1.vpce.amazonaws.com`;
    return { dnsEntries: [{ dnsName: service === 's3' ? `*.${dnsName}` : dnsName }] };
  },
  'aws:ec2/vpc:Vpc': (name) => ({ defaultRouteTableId: `${name}-main` }),
  'aws:eks/cluster:Cluster': () => ({
    endpoint: 'https://api.dubai',
    certificateAuthority: { data: 'Y2E=' },
    vpcConfig: { clusterSecurityGroupId: 'sg-cluster' },
  }),
  'aws:ec2/launchTemplate:LaunchTemplate': () => ({ latestVersion: 3 }),
  'aws:ec2/placementGroup:PlacementGroup': (name) => ({ name: `${name}-group` }),
  'aws:iam/role:Role': (name) => ({ name: `${name}-role` }),
  'aws:iam/instanceProfile:InstanceProfile': (name) => ({ name: `${name}-profile` }),
  'aws:sqs/queue:Queue': (name) => ({ name: `${name}-queue`, url: `https://sqs/${name}` }),
  'aws:cloudwatch/eventRule:EventRule': (name) => ({ name: `${name}-rule` }),
};

/** Runs a program against a mocked AWS. */
export function record<T>(program: () => T): ReturnType<typeof recordWith<T>> {
  return recordWith(program, answers);
}

/** What a function gives, made when it is first asked for: a recorded program takes a second. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Runs a program that must refuse, against a mocked AWS. */
export function recordRefusal(program: () => unknown): ReturnType<typeof recordRefusalWith> {
  return recordRefusalWith(program, answers);
}

/** The inputs of a resource, JSON in them read: `inputsOf(registered, 'aws:kms/key:Key', 'keys-models')`. */
export function inputsOf(registered: readonly Registered[], type: string, name: string): Inputs {
  const found = registered.find((r) => r.type === type && r.name === name);
  if (found === undefined) {
    throw new Error(
      `no ${type} "${name}" among ${registered.map((r) => `${r.type} "${r.name}"`).join(', ')}`,
    );
  }
  return Object.fromEntries(
    Object.entries(found.inputs).map(([key, value]) => [key, readJson(value)]),
  );
}

function readJson(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[[{]/.test(value) ? JSON.parse(value) : value;
}

/** Type and name of everything below a component, in the order of registration. */
export function namesOf(registered: readonly Registered[]): readonly string[] {
  return registered.map(({ type, name }) => `${type.replace(/^.*:/, '')} ${name}`);
}

/** Inputs of a resource that has tags: Manara's own. */
export function tags(component: string): Inputs {
  return { 'manara.dev/zone': 'bank', 'manara.dev/component': component };
}
