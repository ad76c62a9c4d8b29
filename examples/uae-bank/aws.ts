import {
  CpuNodePool,
  EksServingCluster,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ImageRegistry,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
} from '@manara/aws';
import { none } from '@manara/constructs';
import { Provider } from '@pulumi/aws/provider';
import { copier, endpointNames } from './bank';
import type { Original } from './clouds';
import type { NewClusters } from './configuration';
import type { BankZone } from './zone';

/** Everything that the site in aws:me-central-1 stands on, in an account of its own. */
export function awsCloud(zone: BankZone, { aws, azure, kubernetesVersion }: NewClusters): Original {
  // Another account's credentials are refused, instead of making a second bank there.
  const region = { region: 'me-central-1' } as const;
  const provider = new Provider('aws', { ...region, allowedAccountIds: [aws.account] });
  const opts = { provider };
  const at = { zone, place: 'aws:me-central-1' } as const;

  const keys = new ServingKeys('dubai-keys', at, opts);
  const network = new ServingNetwork(
    'dubai-net',
    {
      ...at,
      keys,
      cidr: aws.network,
      availabilityZones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
      endpointClients: { north: { place: 'azure:uaenorth', range: azure.network } },
    },
    opts,
  );
  const models = new ModelBucket('dubai-models', { ...at, keys, network }, opts);
  const repositories = ['manara-server', copier.name];
  const images = new ImageRegistry('dubai-images', { ...at, keys, repositories }, opts);

  const cluster = new EksServingCluster(
    'dubai',
    {
      ...at,
      keys,
      network,
      version: kubernetesVersion,
      access: { platform: { role: 'cluster-admin', principalArn: aws.deployer } },
      apiClients: aws.apiClients,
    },
    opts,
  );
  const serving = { instanceTypes: ['m7i.2xlarge', 'm6i.2xlarge'], nodes: { min: 3, max: 12 } };
  new CpuNodePool('dubai-cpu', { cluster, ...serving }, opts);
  // None runs until a pod asks for one: no model of the bank needs a GPU today.
  const onGpus = { instanceTypes: ['g6.xlarge'], nodes: { min: 0, max: 2 } };
  new GpuNodePool('dubai-gpu', { cluster, ...onGpus }, opts);

  addGuardrails(zone, aws);
  new FailoverRecord(
    'dubai-fraud',
    {
      ...at,
      dns: none('the name and the addresses of its gateways are public'),
      hostedZoneId: aws.hostedZone,
      domain: aws.fraudDomain,
      alarmName: aws.fraudAlarm,
      primary: { place: 'aws:me-central-1', values: aws.gateways },
      standby: { place: 'azure:uaenorth', values: azure.gateways },
    },
    opts,
  );

  return {
    models: models.store,
    images: images.registry,
    endpoints: network.endpoints,
    admitCopies: (issuer) =>
      models.grantReadTo({
        name: 'north',
        place: 'azure:uaenorth',
        issuer,
        namespace: zone.name,
        serviceAccounts: endpointNames.map((name) => `${name}-weights`),
      }).access,
    cluster: cluster.provider,
    admit: ({ dubai, endpoints, imageCopier }) => {
      const namespace = dubai.namespaceName;
      cluster.allowPodIdentity(dubai);
      for (const serviceAccount of endpoints) {
        models.grantRead(cluster, { namespace, serviceAccount });
      }
      images.grantPull(cluster, { namespace, serviceAccount: imageCopier });
    },
  };
}

/** Policies of the organization are set from its own account. */
function addGuardrails(zone: BankZone, { deployer, organization }: NewClusters['aws']): void {
  const provider = new Provider('organization', {
    region: 'me-central-1',
    assumeRoles: [{ roleArn: organization.role }],
  });
  const targets = { serving: organization.unit };
  new Guardrails('rails', { zone, targets, deployers: [deployer] }, { provider });
}
