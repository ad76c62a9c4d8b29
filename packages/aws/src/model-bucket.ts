import { kinds, late, ModelBucket as ModelStore } from '@manara/constructs';
import {
  anyText,
  checkArgs,
  checkNeighbour,
  type CloudEnd,
  refuseArg,
  storageFlow,
} from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import type { Key } from '@pulumi/aws/kms';
import {
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
} from '@pulumi/pulumi';
import { AwsComponent, type AwsComponentArgs, commonKinds } from './aws-component';
import { addDataEventTrail } from './bucket/data-event-trail';
import { type ForeignPods, ForeignReader } from './bucket/foreign-reader';
import { readStatements, type Weights } from './bucket/read-weights';
import { lockedBucket, type ObjectLock } from './bucket/locked-bucket';
import { modelBucketStatements } from './bucket/model-bucket-policy';
import { type ServingKeys, servingKeys } from './serving-keys';
import { type ServingNetwork, servingNetwork } from './serving-network';
import { accountOf } from './support/account';
import {
  grantToServiceAccount,
  type IdentityCluster,
  type ServiceAccount,
} from './support/pod-identity';

/** A trail of CloudTrail that exists and records the data events of the bucket's objects. */
export interface ExistingTrail<P extends Place> {
  /** What the audit calls it. */
  readonly name: string;
  /** Where it writes; one of the zone's places. */
  readonly place: P;
}

export interface ModelBucketArgs<P extends Place> extends AwsComponentArgs<P> {
  /** Keys of the same place: that for models encrypts the weights, that for logs the trail. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Network of the same place, through whose endpoint alone weights come and go. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /**
   * How long no version of the weights can be deleted.
   * @default - governance, 30 days
   */
  readonly lock?: ObjectLock;
  /**
   * The trail that records who read or wrote which weights.
   * @default - one of its own, in a bucket of its own, locked for a year in the same mode
   */
  readonly trail?: ExistingTrail<NoInfer<P>>;
  /**
   * ARNs of the roles that publish weights from outside the network; `*` stands for part of a name.
   * @default - none: weights are published from within
   */
  readonly publishers?: readonly Input<string>[];
}

const kind = {
  cloud: 'aws',
  name: 'ModelBucket',
  does: 'Bucket of weights, reached through one network only',
  holds: [
    'No version of the weights can be deleted while its lock lasts',
    "Weights are encrypted with the site's own key",
    'Who reads or writes which weights is recorded',
  ],
} as const;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  network: servingNetwork,
  lock: kinds.optional(kinds.record({ mode: kinds.text, days: kinds.anyNumber })),
  trail: kinds.optional(kinds.record({ name: kinds.text, place: kinds.text })),
  publishers: kinds.optional(kinds.listOf(anyText)),
};

const auditDays = 365;

/** A bucket of weights: locked, encrypted, watched, and reached through one network only. */
export class ModelBucket<const P extends Place = Place> extends AwsComponent<P> {
  readonly bucketName: Output<string>;
  readonly arn: Output<string>;
  /** The store that artifacts are published in, as the tree knows it. */
  readonly store: ModelStore<P>;
  readonly #key: Key;
  readonly #network: ServingNetwork<P>;
  readonly #tags: Readonly<Record<string, string>>;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for keys or a
   * network of another place; and those of AwsComponent
   */
  constructor(name: string, args: ModelBucketArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const lock = checkLock(name, args.lock ?? { mode: 'governance', days: 30 });
    checkNeighbour(kind, name, 'keys', args, args.keys);
    checkNeighbour(kind, name, 'network', args, args.network);
    super(kind, name, args, (self) => bucketFlows(self, args), opts);

    const { keys, network, publishers = [] } = args;
    const { bucket } = lockedBucket(this.context, name, {
      lock,
      key: keys.models,
      statements: (of) =>
        modelBucketStatements(of, {
          s3EndpointId: network.s3EndpointId,
          publishers,
          key: keys.models,
        }),
    });
    if (args.trail === undefined) {
      addDataEventTrail(this.context, {
        watched: bucket,
        key: keys.logs,
        account: accountOf(this),
        lock: { mode: lock.mode, days: auditDays },
      });
    }
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.#key = keys.models;
    this.#network = network;
    this.#tags = args.tags ?? {};
    this.store = new ModelStore({
      place: this.place,
      uri: late(`${name}.uri`, interpolate`s3://${bucket.bucket}`),
      peer: network.endpoints,
    });
    this.registerOutputs();
  }

  /**
   * Lets the pods of a service account read the weights, through EKS Pod Identity. Pods of another
   * account, namespace or cluster cannot take on the role.
   *
   * @returns the role's ARN
   * @throws DeployError MANARA_ARGS for what names no service account
   */
  grantRead(
    cluster: IdentityCluster & { readonly name: string },
    to: ServiceAccount,
  ): Output<string> {
    return grantToServiceAccount(kind, this.context, cluster, to, {
      role: 'reader',
      does: 'Reads',
      statements: readStatements(this.#weights()),
    });
  }

  /**
   * Lets the pods of a service account in a cluster elsewhere read the weights, over a private connection
   * to the network's endpoints. They prove who they are by a token of their cluster's issuer, with the
   * audience `sts.amazonaws.com`; no key is kept anywhere. What they read is a flow to their place.
   *
   * @throws DeployError MANARA_ARGS for what names no service account or issuer, and where the network lets
   * in no client at their place; MANARA_RESIDENCY for a place outside the zone
   */
  grantReadTo(to: ForeignPods<P>): ForeignReader<P> {
    const { zone, place, bucketName } = this;
    return new ForeignReader(to, {
      zone,
      place,
      bucketName,
      weights: this.#weights(),
      network: this.#network,
      tags: this.#tags,
      parent: this,
    });
  }

  #weights(): Weights {
    const { name, region } = this.context;
    return { name, region, bucketArn: this.arn, keyArn: this.#key.arn };
  }
}

function checkLock(name: string, lock: ObjectLock): ObjectLock {
  if (!(['governance', 'compliance'] as readonly string[]).includes(lock.mode)) {
    refuseArg(kind, name, 'lock.mode', 'governance or compliance', lock.mode);
  }
  if (!Number.isSafeInteger(lock.days) || lock.days < 1 || lock.days > 36_500) {
    refuseArg(kind, name, 'lock.days', 'whole days from 1 to 36500', lock.days);
  }
  return lock;
}

function bucketFlows(self: CloudEnd, { zone, trail }: ModelBucketArgs<Place>): readonly DataFlow[] {
  const from = { name: `model bucket ${self.name}`, place: self.place };
  return [
    storageFlow(self, 'model bucket', zone.data),
    {
      status: 'declared',
      kind: 'log',
      owner: self.owner,
      dataClasses: zone.data,
      from,
      to:
        trail === undefined
          ? { name: `audit trail of ${self.name}`, place: self.place }
          : { name: `trail ${trail.name}`, place: trail.place },
      encryption: 'tls',
    },
  ];
}
