import {
  AksServingCluster,
  CpuNodePool,
  FailoverRecord,
  Guardrails,
  ImageRegistry,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
} from '@manara/azure';
import { none } from '@manara/constructs';
import { Provider } from '@pulumi/azure-native/provider';
import type { Cloud, Original } from './clouds';
import type { NewClusters } from './configuration';
import { copyOf } from './stores';
import type { BankZone } from './zone';

/** Everything that the site in azure:uaenorth stands on, in a resource group that exists. */
export function azureCloud(
  zone: BankZone,
  { aws, azure, kubernetesVersion }: NewClusters,
  original: Original,
): Cloud {
  const provider = new Provider('azure', {
    location: 'uaenorth',
    subscriptionId: azure.subscription,
  });
  const opts = { provider };
  const place = 'azure:uaenorth' as const;
  const at = { zone, place, resourceGroupName: azure.resourceGroup };

  const network = new ServingNetwork(
    'northnet',
    {
      ...at,
      cidr: azure.network,
      endpointClients: { dubai: { place: 'aws:me-central-1', range: aws.network } },
    },
    opts,
  );
  const keys = new ServingKeys('northkeys', { ...at, network }, opts);
  const images = new ImageRegistry(
    'northimages',
    {
      ...at,
      keys,
      network,
      systemImages: none("AKS's own images come from Microsoft; no data goes there"),
    },
    opts,
  );

  const cluster = new AksServingCluster(
    'north',
    {
      ...at,
      keys,
      network,
      registry: images,
      kubernetesVersion,
      adminGroupObjectIds: [azure.administrators],
      systemVmSize: 'Standard_D4s_v5',
    },
    opts,
  );
  const access = original.admitCopies(cluster.oidcIssuerUrl);
  const models = new ModelBucket(
    'northmodels',
    { ...at, keys, network, copy: copyOf(original.models, access) },
    opts,
  );
  new CpuNodePool(
    'northcpu',
    { ...at, cluster, vmSize: 'Standard_D8s_v5', nodes: { min: 3, max: 12 } },
    opts,
  );

  new Guardrails('northrails', { zone, place, scope: subscriptionId(azure) }, opts);
  new FailoverRecord(
    'northdocs',
    {
      ...at,
      dns: none('the name and the addresses of its gateways are public'),
      label: azure.documentsLabel,
      endpoints: [
        { name: 'north', place, target: azure.gateways[0] },
        { name: 'dubai', place: 'aws:me-central-1', target: aws.gateways[0] },
      ],
    },
    opts,
  );

  return {
    models: models.store,
    images: images.registry,
    endpoints: network.endpoints,
    cluster: cluster.provider,
    // A node mounts the weights, as an identity of its own: pods need no right.
    admit: ({ north }) => {
      models.mount(north, cluster);
    },
  };
}

/** As Azure's policies name it. */
function subscriptionId({ subscription }: NewClusters['azure']): string {
  return `/subscriptions/${subscription}`;
}
