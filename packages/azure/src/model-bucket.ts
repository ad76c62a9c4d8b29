import { type BucketCopy, kinds, ModelBucket as ModelStore } from '@manara/constructs';
import {
  addToSite,
  type AnySite,
  checkArgs,
  checkNeighbour,
  type CloudEnd,
  refuseArg,
  storageFlow,
  wholeDays,
} from '@manara/pulumi';
import { availabilityZones, type DataFlow, type Place } from '@manara/residency';
import { FederatedIdentityCredential } from '@pulumi/azure-native/managedidentity';
import { type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import type { AksServingCluster } from './aks-serving-cluster';
import { AzureComponent, type AzureComponentArgs, checkName, commonKinds } from './azure-component';
import { blobAccount, blobContainer } from './bucket/blob-account';
import { BlobClaim } from './bucket/blob-claim';
import { type ServingKeys, servingKeys } from './serving-keys';
import { type ServingNetwork, servingNetwork } from './serving-network';
import { sendLogs } from './support/diagnostics';
import { grant, identity } from './support/identity';
import { addPrivateEndpoint } from './support/private-endpoint';
import { subscriptionOf } from './support/subscription';

export interface ModelBucketArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Keys of the same place; the account is encrypted with that for models. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Network of the same place: the account answers in it alone, and its logs go to its workspace. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /**
   * Copies of the data: `LRS` in one building, `ZRS` over three zones of the region. There is none in
   * another region: `GRS` and its like choose the region themselves.
   * @default - 'ZRS' where the region has availability zones, 'LRS' where it has none
   */
  readonly replication?: 'LRS' | 'ZRS';
  /**
   * Days that no version of a blob can be changed or deleted, from its creation: 1 to 146000.
   * @default 30
   */
  readonly immutableDays?: number;
  /**
   * The bucket that this one is a copy of. The endpoints that read its weights bring them, by CronJobs
   * of their sites, so the claim that `mount` makes is one that pods may write.
   * @default - none: whoever publishes the weights puts them here too, and pods only read
   */
  readonly copy?: BucketCopy;
}

const kind = {
  cloud: 'azure',
  name: 'ModelBucket',
  does: 'Weights in a container of a storage account, reached at a private endpoint alone',
  holds: [
    "Weights are encrypted with the site's own key",
    'Each version of the weights is immutable for a time',
  ],
} as const;

/** A federated credential's name has 120 characters: the bucket's, and eight of Pulumi's, are before and after. */
const longestSuffix = 99;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  network: servingNetwork,
  replication: kinds.optional(kinds.text),
  immutableDays: kinds.optional(kinds.anyNumber),
  copy: kinds.optional(kinds.bucketCopy),
};

/**
 * Weights of models, in a container of a storage account: encrypted with the site's own key, versioned,
 * each version immutable for a time, and reached at a private endpoint alone.
 *
 * The server's image fetches `https:` without credentials, and the account lets nobody read without: pods
 * read the weights from a volume. `store` names its claim, and `mount` makes it.
 */
export class ModelBucket<const P extends Place = Place> extends AzureComponent<P> {
  readonly accountName: Output<string>;
  readonly accountId: Output<string>;
  readonly containerName: string;
  /** `https://<account>.blob.core.windows.net/<container>`, for those who publish. */
  readonly url: Output<string>;
  /** The bucket as models name it: a claim, which `mount` puts on a site. */
  readonly store: ModelStore<P>;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for keys or a
   * network of another place; ConstructError MANARA_URI for a copy of what no other site can reach,
   * MANARA_SCHEDULE for its period; and those of AzureComponent
   */
  constructor(name: string, args: ModelBucketArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const replication = checkReplication(name, args);
    const immutableDays = wholeDays(kind, name, 'immutableDays', args.immutableDays, {
      from: 1,
      to: 146_000,
      byDefault: 30,
    });
    checkNeighbour(kind, name, 'keys', args, args.keys);
    checkNeighbour(kind, name, 'network', args, args.network);
    checkName(kind, name);
    const store = new ModelStore<P>({
      place: args.place,
      uri: `pvc://${name}`,
      ...(args.copy === undefined ? {} : { copy: args.copy }),
    });
    super(kind, name, args, (self) => bucketFlows(self, args), opts);

    const { keys, network } = args;
    const account = blobAccount(this.context, {
      replication,
      keys,
      subscription: subscriptionOf(this),
    });
    this.containerName = 'models';
    blobContainer(this.context, account, { container: this.containerName, immutableDays });
    addPrivateEndpoint(this.context, network, 'blob', account.id);
    sendLogs(this.context, {
      resourceUri: interpolate`${account.id}/blobServices/default`,
      workspaceId: network.workspaceId,
      categories: ['StorageRead', 'StorageWrite', 'StorageDelete'],
    });
    this.accountName = account.name;
    this.accountId = account.id;
    this.url = interpolate`https://${account.name}.blob.core.windows.net/${this.containerName}`;
    this.store = store;
    this.registerOutputs();
  }

  /**
   * Puts the claim that `store` names on a site: a volume of the container, which each node mounts as
   * the cluster's own kubelet; read-only, unless the bucket is a copy.
   *
   * @param site of either package: one of `@manara/pulumi` has it registered at once
   * @throws DeployError MANARA_PLACE for a site or a cluster of another zone or place
   */
  mount(site: AnySite<P>, cluster: AksServingCluster<P>): void {
    checkNeighbour(kind, this.name, 'cluster', this, cluster);
    const writable = this.store.copy !== undefined;
    addToSite(kind, this, site, {
      type: 'BlobClaim',
      id: `${this.name}-claim`,
      build: (scope, id) =>
        new BlobClaim(scope, id, {
          name: this.name,
          place: this.place,
          accountName: this.accountName,
          resourceGroupName: this.context.resourceGroupName,
          containerName: this.containerName,
          clientId: cluster.kubelet.clientId,
          writable,
        }),
    });
    grant(this.context, {
      suffix: `nodes-${cluster.name}`,
      role: writable ? 'storageBlobDataContributor' : 'storageBlobDataReader',
      scope: this.#containerId(),
      to: cluster.kubelet,
      subscription: subscriptionOf(this),
    });
  }

  /**
   * Lets the pods of a service account read the weights themselves, as a workload identity. They must
   * reach Entra ID to change their token, which a network without internet does not let them.
   *
   * @returns client id of the identity, for the annotation `azure.workload.identity/client-id`
   * @throws DeployError MANARA_ARGS for names that are too long, MANARA_PLACE for a cluster of another place
   */
  grantRead(
    cluster: AksServingCluster<P>,
    to: { readonly namespace: string; readonly serviceAccount: string },
  ): Output<string> {
    checkNeighbour(kind, this.name, 'cluster', this, cluster);
    const suffix = `reader-${cluster.name}-${to.namespace}-${to.serviceAccount}`;
    if (suffix.length > longestSuffix) {
      refuseArg(
        kind,
        this.name,
        'to',
        `a namespace and a service account whose names are shorter by ${suffix.length - longestSuffix} characters`,
        `${to.namespace}/${to.serviceAccount}`,
      );
    }
    const reader = identity(this.context, `-${suffix}`);
    grant(this.context, {
      suffix,
      role: 'storageBlobDataReader',
      scope: this.#containerId(),
      to: reader,
      subscription: subscriptionOf(this),
    });
    const { name, resourceGroupName, child } = this.context;
    new FederatedIdentityCredential(
      `${name}-${suffix}`,
      {
        resourceGroupName,
        resourceName: reader.name,
        issuer: cluster.oidcIssuerUrl,
        subject: `system:serviceaccount:${to.namespace}:${to.serviceAccount}`,
        audiences: ['api://AzureADTokenExchange'],
      },
      child,
    );
    return reader.clientId;
  }

  #containerId(): Output<string> {
    return interpolate`${this.accountId}/blobServices/default/containers/${this.containerName}`;
  }
}

function checkReplication(
  name: string,
  { place, replication }: ModelBucketArgs<Place>,
): 'LRS' | 'ZRS' {
  const allowed =
    (availabilityZones(place) ?? []).length > 0 ? (['ZRS', 'LRS'] as const) : (['LRS'] as const);
  const given = replication ?? allowed[0];
  if ((allowed as readonly string[]).includes(given)) return given;
  return refuseArg(
    kind,
    name,
    'replication',
    `${allowed.join(' or ')} at ${place}: what is copied to another region leaves the zone`,
    given,
  );
}

function bucketFlows(
  self: CloudEnd,
  { zone, network }: ModelBucketArgs<Place>,
): readonly DataFlow[] {
  const from = { name: `model bucket ${self.name}`, place: self.place };
  const base = { status: 'declared', owner: self.owner, encryption: 'tls', from } as const;
  return [
    storageFlow(self, 'model bucket', zone.data),
    {
      ...base,
      kind: 'log',
      dataClasses: zone.data,
      to: { name: `log workspace ${network.name}`, place: network.place },
    },
  ];
}
