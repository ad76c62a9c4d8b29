import { Absent, ImageRegistry as ImageStore, kinds, late } from '@manara/constructs';
import { checkArgs, checkNeighbour, type CloudEnd, storageFlow, wholeDays } from '@manara/pulumi';
import { availabilityZones, type DataFlow, type Place } from '@manara/residency';
import { CacheRule, Registry } from '@pulumi/azure-native/containerregistry';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AzureComponent, type AzureComponentArgs, commonKinds } from './azure-component';
import { type ServingKeys, servingKeys } from './serving-keys';
import { type ServingNetwork, servingNetwork } from './serving-network';
import { sendLogs } from './support/diagnostics';
import { grant, identity } from './support/identity';
import { addPrivateEndpoint } from './support/private-endpoint';
import { subscriptionOf } from './support/subscription';

export interface ImageRegistryArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Keys of the same place; the registry is encrypted with that for images. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Network of the same place: the registry answers in it alone, and its logs go to its workspace. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /**
   * `none('why')` lets the registry fetch AKS's own images from Microsoft's registry, for clusters whose
   * nodes reach no internet: Microsoft does not say where that registry answers from, so that it is no
   * flow between two places. Nothing is sent there but the names of Microsoft's own images.
   * @default - the registry fetches nothing
   */
  readonly systemImages?: Absent;
  /**
   * Days that a manifest without a tag is kept: 0 to 365.
   * @default 7
   */
  readonly untaggedDays?: number;
  /**
   * Whether an image that was pushed can be pulled only once a scanner has released it.
   * @default false
   */
  readonly quarantine?: boolean;
}

const kind = {
  cloud: 'azure',
  name: 'ImageRegistry',
  does: 'Registry of container images, reached at a private endpoint alone',
  holds: ["Images are encrypted with the site's own key", 'It has no replica in another region'],
} as const;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  network: servingNetwork,
  systemImages: kinds.optional(kinds.kind("none('why')", (value) => Absent.isAbsent(value))),
  untaggedDays: kinds.optional(kinds.anyNumber),
  quarantine: kinds.optional(kinds.kind('true or false', (value) => typeof value === 'boolean')),
};

/**
 * A registry of container images in one region: encrypted with the site's own key, reached at a private
 * endpoint alone, by identities and nobody else. It has no replica, and none can be asked for.
 */
export class ImageRegistry<const P extends Place = Place> extends AzureComponent<P> {
  readonly registryId: Output<string>;
  /** `<registry>.azurecr.io` */
  readonly loginServer: Output<string>;
  /** Whether it has AKS's own images, for clusters whose nodes reach no internet. */
  readonly hasSystemImages: boolean;
  /** The registry as sites name it. */
  readonly registry: ImageStore<P>;
  /** What a cluster that starts from its images waits for. */
  readonly ready: readonly (CacheRule | ReturnType<typeof addPrivateEndpoint>)[];

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for keys or a
   * network of another place; and those of AzureComponent
   */
  constructor(name: string, args: ImageRegistryArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const untaggedDays = wholeDays(kind, name, 'untaggedDays', args.untaggedDays, {
      from: 0,
      to: 365,
      byDefault: 7,
    });
    checkNeighbour(kind, name, 'keys', args, args.keys);
    checkNeighbour(kind, name, 'network', args, args.network);
    super(kind, name, args, (self) => registryFlows(self, args), opts);

    const { keys, network, systemImages, quarantine = false } = args;
    const { location, resourceGroupName, tags, child } = this.context;
    const encryptor = identity(this.context);
    const unwraps = grant(this.context, {
      suffix: 'key',
      role: 'keyVaultCryptoServiceEncryptionUser',
      scope: keys.images.id,
      to: encryptor,
      subscription: subscriptionOf(this),
    });
    const registry = new Registry(
      name,
      {
        location,
        resourceGroupName,
        sku: { name: 'Premium' },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        publicNetworkAccess: 'Disabled',
        networkRuleBypassOptions: 'None',
        zoneRedundancy: (availabilityZones(this.place) ?? []).length > 0 ? 'Enabled' : 'Disabled',
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: encryptor.id.apply((id) => ({ [id]: {} })),
        },
        encryption: {
          status: 'enabled',
          keyVaultProperties: { identity: encryptor.clientId, keyIdentifier: keys.images.uri },
        },
        policies: {
          // Nothing is copied to another registry.
          exportPolicy: { status: 'disabled' },
          quarantinePolicy: { status: quarantine ? 'enabled' : 'disabled' },
          retentionPolicy: { status: 'enabled', days: untaggedDays },
        },
        tags,
      },
      { ...child, dependsOn: [unwraps] },
    );
    const endpoint = addPrivateEndpoint(this.context, network, 'registry', registry.id);
    sendLogs(this.context, {
      resourceUri: registry.id,
      workspaceId: network.workspaceId,
      categories: ['ContainerRegistryLoginEvents', 'ContainerRegistryRepositoryEvents'],
    });
    this.registryId = registry.id;
    this.loginServer = registry.loginServer;
    this.hasSystemImages = systemImages !== undefined;
    this.ready = this.hasSystemImages ? [endpoint, this.#addSystemImages(registry)] : [endpoint];
    this.registry = new ImageStore({
      place: this.place,
      prefix: late(`${name}.prefix`, registry.loginServer),
    });
    this.registerOutputs();
  }

  /** AKS looks for a rule of exactly this name, with exactly these repositories. */
  #addSystemImages(registry: Registry): CacheRule {
    const { name, resourceGroupName, child } = this.context;
    return new CacheRule(
      `${name}-system-images`,
      {
        cacheRuleName: 'aks-managed-mcr',
        registryName: registry.name,
        resourceGroupName,
        sourceRepository: 'mcr.microsoft.com/*',
        targetRepository: 'aks-managed-repository/*',
      },
      child,
    );
  }
}

function registryFlows(
  self: CloudEnd,
  { zone, network, systemImages }: ImageRegistryArgs<Place>,
): readonly DataFlow[] {
  const base = { owner: self.owner, dataClasses: [] } as const;
  const absent: readonly DataFlow[] =
    systemImages === undefined
      ? []
      : [{ ...base, status: 'absent', kind: 'image', at: self.place, reason: systemImages.reason }];
  return [
    storageFlow(self, 'image registry', []),
    {
      ...base,
      status: 'declared',
      kind: 'log',
      dataClasses: zone.data,
      from: { name: `image registry ${self.name}`, place: self.place },
      to: { name: `log workspace ${network.name}`, place: network.place },
      encryption: 'tls',
    },
    ...absent,
  ];
}

/** Kind of an argument. */
export const imageRegistry = kinds.kind(
  'an ImageRegistry of this package',
  (value) => value instanceof ImageRegistry,
);
