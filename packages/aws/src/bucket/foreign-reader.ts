import { type CopyAccess, kinds, late, type ResidencyZone } from '@manara/constructs';
import { anyText, checkArgs, type CloudEnd, refuseArg } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import { OpenIdConnectProvider, Role, RolePolicy } from '@pulumi/aws/iam';
import { type Input, output, type Output, type Resource } from '@pulumi/pulumi';
import { AwsComponent } from '../aws-component';
import type { ServingNetwork } from '../serving-network';
import { checkServiceAccount } from '../support/pod-identity';
import { policyDocument } from '../support/policy';
import { audience, checkTrust, trustOfPods } from './foreign-trust';
import { readStatements, type Weights } from './read-weights';

/** Pods of a cluster elsewhere. */
export interface ForeignPods<P extends Place> {
  /** What the reader is called. */
  readonly name: string;
  /** Where the cluster is; one of the zone's places. */
  readonly place: NoInfer<P>;
  /** Namespace that they run in. */
  readonly namespace: string;
  /**
   * Names of their service accounts; of the jobs that copy weights, each is `<endpoint>-weights`. A role trusts
   * some thirty; more are given to further readers.
   */
  readonly serviceAccounts: readonly string[];
  /** Issuer of the tokens of its service accounts: `oidcIssuerUrl` of an `AksServingCluster`. */
  readonly issuer: Input<string>;
  /**
   * ARN of the account's identity provider for the issuer. An account has one for each issuer, so that a
   * second reader from the same cluster names that of the first.
   * @default - one is made
   */
  readonly identityProviderArn?: Input<string>;
}

/** What a bucket tells its readers. */
export interface ReadBucket<P extends Place> {
  readonly zone: ResidencyZone<P>;
  readonly place: P;
  readonly bucketName: Output<string>;
  readonly weights: Weights;
  readonly network: ServingNetwork<P>;
  readonly tags: Readonly<Record<string, string>>;
  /** The bucket's component. */
  readonly parent: Resource;
}

const kind = {
  cloud: 'aws',
  name: 'ForeignReader',
  does: 'Role by which pods of another cloud read the weights, without a key that is kept',
} as const;

const argKinds = {
  name: kinds.text,
  place: kinds.text,
  namespace: kinds.text,
  serviceAccounts: kinds.listOf(kinds.text),
  issuer: anyText,
  identityProviderArn: kinds.optional(anyText),
};

/**
 * The right of pods elsewhere to read a bucket of weights, and the flow that it is. Made by
 * `ModelBucket.grantReadTo`.
 */
export class ForeignReader<const P extends Place = Place> extends AwsComponent<P> {
  /** Role that the pods take on. */
  readonly roleArn: Output<string>;
  /** The account's identity provider for the issuer, for other readers from the same cluster. */
  readonly identityProviderArn: Output<string>;
  /** What a copy of the bucket at their place is read with: `copy: { from: bucket.store, access, … }`. */
  readonly access: CopyAccess;

  /**
   * @throws DeployError MANARA_ARGS for what names no service account or issuer, for more service accounts
   * than a role may trust, and for a place that the network lets no client in from; and those of AwsComponent
   */
  constructor(to: ForeignPods<P>, bucket: ReadBucket<P>) {
    const { zone, place, network, weights, tags, parent } = bucket;
    checkArgs(kind, weights.name, to, argKinds);
    const name = `${weights.name}-${to.name}`;
    checkPods(name, to, bucket);
    super(kind, name, { zone, place, tags }, (self) => [readFlow(self, to, bucket)], { parent });

    const { child } = this.context;
    this.identityProviderArn = output(to.identityProviderArn ?? this.#trustIssuer(to));
    const role = new Role(
      name,
      {
        // Who the pods are is in the trust policy: a description has room for 1,000 characters.
        description: `Reads ${weights.name} for pods of ${to.namespace} at ${to.place}`,
        assumeRolePolicy: trustOfPods(to, this.identityProviderArn),
        tags: this.context.tags,
      },
      child,
    );
    new RolePolicy(
      name,
      { role: role.name, policy: policyDocument(...readStatements(weights)) },
      child,
    );
    this.roleArn = role.arn;
    this.access = {
      role: late(`${name}.role`, role.arn),
      endpoint: late(`${name}.endpoint`, network.foreign.s3Endpoint),
      tokenEndpoint: late(`${name}.tokenEndpoint`, network.foreign.stsEndpoint),
    };
    this.registerOutputs();
  }

  #trustIssuer({ issuer }: ForeignPods<P>): Output<string> {
    const { name, tags, child } = this.context;
    return new OpenIdConnectProvider(name, { url: issuer, clientIdLists: [audience], tags }, child)
      .arn;
  }
}

function checkPods<P extends Place>(
  name: string,
  to: ForeignPods<P>,
  { zone, network }: ReadBucket<P>,
): void {
  const { namespace, serviceAccounts } = to;
  if (serviceAccounts.length === 0) {
    refuseArg(kind, name, 'serviceAccounts', 'at least one', serviceAccounts);
  }
  for (const serviceAccount of serviceAccounts) {
    checkServiceAccount(kind, name, { namespace, serviceAccount });
  }
  if (typeof to.issuer === 'string' && !/^https:\/\/[^\s?#]+$/.test(to.issuer)) {
    refuseArg(kind, name, 'issuer', 'the address of an issuer of tokens, https://…', to.issuer);
  }
  checkTrust(kind, name, to);
  const { clients } = network.foreign;
  // A place outside the zone is refused by the residency check, which says more.
  if (!zone.places.includes(to.place) || Object.values(clients).some((c) => c.place === to.place)) {
    return;
  }
  refuseArg(
    kind,
    name,
    'place',
    `one that the network lets in; add to ServingNetwork "${network.name}" endpointClients: { <name>: { place: '${to.place}', range: '…' } }`,
    to.place,
  );
}

function readFlow<P extends Place>(
  { owner, place }: CloudEnd,
  to: ForeignPods<P>,
  { zone, weights }: ReadBucket<P>,
): DataFlow {
  return {
    status: 'declared',
    kind: 'artifact',
    owner,
    dataClasses: zone.data,
    from: { name: `model bucket ${weights.name}`, place },
    to: { name: `pods ${podsOf(to)} of ${to.name}`, place: to.place },
    encryption: 'tls',
  };
}

/** `bank/fraud-weights, bank/documents-weights` */
function podsOf({ namespace, serviceAccounts }: ForeignPods<Place>): string {
  return serviceAccounts.map((name) => `${namespace}/${name}`).join(', ');
}
