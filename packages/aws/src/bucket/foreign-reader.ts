import { kinds, late, ModelBucket as ModelStore, type ResidencyZone } from '@manara/constructs';
import { anyText, checkArgs, type CloudEnd, refuseArg } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import { OpenIdConnectProvider, Role, RolePolicy } from '@pulumi/aws/iam';
import { type Input, interpolate, output, type Output, type Resource } from '@pulumi/pulumi';
import { AwsComponent } from '../aws-component';
import type { ServingNetwork } from '../serving-network';
import { checkServiceAccount, type ServiceAccount } from '../support/pod-identity';
import { policyDocument } from '../support/policy';
import { readStatements, type Weights } from './read-weights';

/** Pods of a cluster elsewhere. */
export interface ForeignPods<P extends Place> extends ServiceAccount {
  /** What the reader is called. */
  readonly name: string;
  /** Where the cluster is; one of the zone's places. */
  readonly place: NoInfer<P>;
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

const kind = { cloud: 'aws', name: 'ForeignReader' } as const;

const argKinds = {
  name: kinds.text,
  place: kinds.text,
  namespace: kinds.text,
  serviceAccount: kinds.text,
  issuer: anyText,
  identityProviderArn: kinds.optional(anyText),
};

/** Who the tokens are for, so that one for the cluster's own API is of no use here. */
const audience = 'sts.amazonaws.com';

/**
 * The right of pods elsewhere to read a bucket of weights, and the flow that it is. Made by
 * `ModelBucket.grantReadTo`.
 */
export class ForeignReader<const P extends Place = Place> extends AwsComponent<P> {
  /** Role that the pods take on. */
  readonly roleArn: Output<string>;
  /** The account's identity provider for the issuer, for other readers from the same cluster. */
  readonly identityProviderArn: Output<string>;
  /** Where the pods change their token for the role's credentials. */
  readonly stsEndpoint: Output<string>;
  /** The bucket as these pods reach it. */
  readonly store: ModelStore<P>;

  /**
   * @throws DeployError MANARA_ARGS for what names no service account or issuer, and for a place that the
   * network lets no client in from; and those of AwsComponent
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
        description: `Reads ${weights.name} for ${to.namespace}/${to.serviceAccount} at ${to.place}`,
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
    this.stsEndpoint = network.foreign.stsEndpoint;
    this.store = new ModelStore({
      place,
      uri: late(`${name}.uri`, interpolate`s3://${bucket.bucketName}`),
      endpoint: late(`${name}.endpoint`, network.foreign.s3Endpoint),
      peer: network.endpoints,
    });
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
  checkServiceAccount(kind, name, to);
  if (typeof to.issuer === 'string' && !/^https:\/\/[^\s?#]+$/.test(to.issuer)) {
    refuseArg(kind, name, 'issuer', 'the address of an issuer of tokens, https://…', to.issuer);
  }
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
    to: { name: `pods ${to.namespace}/${to.serviceAccount} of ${to.name}`, place: to.place },
    encryption: 'tls',
  };
}

/** One service account of one issuer, and no token that was made for somebody else. */
function trustOfPods(
  { issuer, namespace, serviceAccount }: ForeignPods<Place>,
  identityProviderArn: Output<string>,
): Output<string> {
  const condition = output(issuer).apply((address) => {
    const claims = address.replace(/^https:\/\//, '');
    return {
      StringEquals: {
        [`${claims}:aud`]: audience,
        [`${claims}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    };
  });
  return policyDocument({
    Effect: 'Allow',
    Principal: { Federated: identityProviderArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  });
}
