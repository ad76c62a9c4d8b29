import { kinds } from '@manara/constructs';
import { type CloudEnd, formatRange, parseRange, rangeAt, storageFlow } from '@manara/pulumi';
import { availabilityZones, type DataFlow, type Place } from '@manara/residency';
import { ManagedCluster } from '@pulumi/azure-native/containerservice';
import type { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import { Provider } from '@pulumi/kubernetes/provider';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AzureComponent } from './azure-component';
import {
  type AksServingClusterArgs,
  type ClusterPlan,
  kind,
  planCluster,
} from './cluster/cluster-args';
import { addDiskEncryption } from './cluster/disk-encryption';
import { addIdentities, type ClusterIdentities } from './cluster/identities';
import { kubeconfigOf } from './cluster/kubeconfig';
import type { VcpuLedger } from './pools/vcpu-ledger';
import type { VmSku } from './pools/vm-sku';
import { sendLogs } from './support/diagnostics';
import { type Subscription, subscriptionOf } from './support/subscription';

/**
 * A private cluster: the API server is in the network, nodes start from the registry and reach no
 * internet, people and pipelines enter through Entra ID alone, and what they do is logged.
 */
export class AksServingCluster<const P extends Place = Place> extends AzureComponent<P> {
  /** Name of the cluster in Azure. */
  readonly clusterName: Output<string>;
  readonly clusterId: Output<string>;
  /** Issuer of the tokens of its service accounts, for federated identities. */
  readonly oidcIssuerUrl: Output<string>;
  /** Identity of each node, which pulls images and mounts weights. */
  readonly kubelet: UserAssignedIdentity;
  readonly nodeSubnetId: Output<string>;
  /** Sizes that it was given, for its pools. */
  readonly offerings: readonly VmSku[] | undefined;
  /** What its pools may grow to. */
  readonly vcpus: VcpuLedger;
  /**
   * How Pulumi reaches the cluster, for `deploy`. It holds no secret: `kubelogin` must be installed where
   * Pulumi runs, and the network must be reached from there.
   */
  readonly provider: Provider;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for a network, keys
   * or a registry of another place; and those of AzureComponent
   */
  constructor(name: string, args: AksServingClusterArgs<P>, opts?: ComponentResourceOptions) {
    const plan = planCluster(name, args);
    super(kind, name, args, (self) => clusterFlows(self, args), opts);
    const subscription = subscriptionOf(this);
    const identities = addIdentities(this.context, { ...args, subscription });
    const cluster = this.#addCluster(args, plan, identities, subscription);
    sendLogs(this.context, {
      resourceUri: cluster.id,
      workspaceId: args.network.workspaceId,
      categories: ['kube-apiserver', 'kube-audit', 'guard'],
    });
    this.clusterName = cluster.name;
    this.clusterId = cluster.id;
    this.oidcIssuerUrl = cluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? '');
    this.kubelet = identities.kubelet;
    this.nodeSubnetId = args.network.nodeSubnetId;
    this.offerings = args.offerings;
    this.vcpus = plan.vcpus;
    this.provider = new Provider(
      name,
      {
        kubeconfig: kubeconfigOf({
          cluster,
          resourceGroupName: args.resourceGroupName,
          tenantId: subscription.tenantId,
          login: plan.login,
          parent: this,
        }),
        // Otherwise the provider deletes a ConfigMap that changes, and makes it anew.
        enableConfigMapMutable: true,
      },
      { parent: this },
    );
    this.registerOutputs();
  }

  #addCluster(
    args: AksServingClusterArgs<P>,
    plan: ClusterPlan,
    { control, kubelet, roles }: ClusterIdentities,
    subscription: Subscription,
  ): ManagedCluster {
    const { network, keys, registry, kubernetesVersion } = args;
    const { name, location, resourceGroupName, tags, child } = this.context;
    const disks = addDiskEncryption(this.context, { keys, subscription, control });
    return new ManagedCluster(
      name,
      {
        location,
        resourceGroupName,
        sku: { name: 'Base', tier: 'Standard' },
        ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
        dnsPrefix: name,
        identity: { type: 'UserAssigned', userAssignedIdentities: [control.id] },
        identityProfile: {
          kubeletidentity: {
            resourceId: kubelet.id,
            clientId: kubelet.clientId,
            objectId: kubelet.principalId,
          },
        },
        disableLocalAccounts: true,
        enableRBAC: true,
        aadProfile: {
          managed: true,
          enableAzureRBAC: true,
          tenantID: subscription.tenantId,
          adminGroupObjectIDs: [...args.adminGroupObjectIds],
        },
        apiServerAccessProfile: {
          enablePrivateCluster: true,
          enablePrivateClusterPublicFQDN: false,
          privateDNSZone: 'system',
          // A vault off the internet is reached from within the network alone.
          enableVnetIntegration: true,
          subnetId: network.apiServerSubnetId,
          disableRunCommand: true,
        },
        networkProfile: {
          networkPlugin: 'azure',
          networkPluginMode: 'overlay',
          networkDataplane: 'cilium',
          networkPolicy: 'cilium',
          outboundType: network.hasInternet ? 'userAssignedNATGateway' : 'none',
          loadBalancerSku: 'standard',
          podCidr: plan.podCidr,
          serviceCidr: plan.serviceCidr,
          dnsServiceIP: dnsAddress(plan.serviceCidr),
        },
        bootstrapProfile: { artifactSource: 'Cache', containerRegistryId: registry.registryId },
        oidcIssuerProfile: { enabled: true },
        securityProfile: {
          workloadIdentity: { enabled: true },
          azureKeyVaultKms: {
            enabled: true,
            keyId: keys.secrets.versionedUri,
            keyVaultNetworkAccess: 'Private',
            keyVaultResourceId: keys.vaultId,
          },
        },
        diskEncryptionSetID: disks.id,
        storageProfile: {
          blobCSIDriver: { enabled: true },
          diskCSIDriver: { enabled: true },
          fileCSIDriver: { enabled: false },
          snapshotController: { enabled: false },
        },
        autoUpgradeProfile: { upgradeChannel: 'none', nodeOSUpgradeChannel: 'NodeImage' },
        agentPoolProfiles: [
          {
            name: 'system',
            mode: 'System',
            type: 'VirtualMachineScaleSets',
            osType: 'Linux',
            osSKU: 'AzureLinux',
            vmSize: args.systemVmSize,
            count: plan.systemNodes,
            availabilityZones: [...(availabilityZones(this.place) ?? [])],
            vnetSubnetID: network.nodeSubnetId,
            enableNodePublicIP: false,
            enableEncryptionAtHost: true,
            nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
            tags,
          },
        ],
        tags,
      },
      { ...child, dependsOn: [...roles, disks.ready, ...registry.ready] },
    );
  }
}

/** The tenth address of a range, where the cluster's DNS answers. */
function dnsAddress(serviceCidr: string): string {
  const range = parseRange(serviceCidr);
  return range === undefined ? '' : formatRange(rangeAt(range, 10, 32)).replace('/32', '');
}

function clusterFlows(
  self: CloudEnd,
  { zone, network }: AksServingClusterArgs<Place>,
): readonly DataFlow[] {
  return [
    storageFlow(self, 'cluster', zone.data),
    {
      status: 'declared',
      kind: 'log',
      owner: self.owner,
      dataClasses: zone.data,
      from: { name: `cluster ${self.name}`, place: self.place },
      to: { name: `log workspace ${network.name}`, place: network.place },
      encryption: 'tls',
    },
  ];
}

/** Kind of an argument. */
export const aksServingCluster = kinds.kind(
  'an AksServingCluster',
  (value) => value instanceof AksServingCluster,
);
