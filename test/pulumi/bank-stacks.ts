import { join } from 'node:path';
import type { ApiAddress } from '../bed/api-server';
import { writeKubeconfig } from '../bed/kubeconfig';
import { repositoryRoot } from '../support/paths';
import { addLogin, leadEksToBed } from './bed-logins';
import type { Engine } from './engine';
import { routesVariable } from './kubernetes-provider/routes';
import { projectFolder } from './project-folder';
import { Stack } from './stack';

/** Sites of the bank, and contexts of the kubeconfig. */
export const sites = ['aws-me-central-1', 'azure-uaenorth'] as const;
export type SiteName = (typeof sites)[number];

/** The API server of each site. */
export type Addresses = Readonly<Record<SiteName, ApiAddress>>;

/** The roles that servers read weights with and jobs copy them with; development keeps both secret. */
export const secretRoles = {
  modelReaderRole: 'arn:aws:iam::111122223333:role/secret-reader',
  modelCopyRole: 'arn:aws:iam::111122223333:role/secret-copier',
} as const;

/** `Pulumi.development.yaml`: the clusters are there, and a kubeconfig has them. */
export async function developmentStack(engine: Engine, addresses: Addresses): Promise<Stack> {
  const kubeconfig = join(engine.folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, addresses);
  const stack = await bankStack(engine, 'development', { KUBECONFIG: kubeconfig });
  for (const [key, role] of Object.entries(secretRoles)) {
    await stack.command('config', 'set', '--secret', key, role);
  }
  return stack;
}

/**
 * `Pulumi.production.yaml`: the recorded clouds make the clusters, which turn out to be those of the bed.
 * Whoever reaches them has a token of neither cloud but the bed's certificate, from the commands that
 * the kubeconfigs of EKS and AKS name.
 */
export async function productionStack(engine: Engine, addresses: Addresses): Promise<Stack> {
  leadEksToBed(engine, addresses['aws-me-central-1']);

  const aks = addresses['azure-uaenorth'];
  const host = 'north.privatelink.uaenorth.azmk8s.io';
  engine.azure.give('azure-native:containerservice:ManagedCluster', 'north', {
    privateFQDN: host,
  });
  const credentials = `certificate-authority-data: ${aks.authority.toString('base64')}\n`;
  engine.azure.answer('azure-native:containerservice:listManagedClusterUserCredentials', {
    kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(credentials).toString('base64') }],
  });
  addLogin(engine, 'kubelogin', 'get-token --login azurecli *', aks);

  return bankStack(engine, 'production', {
    [routesVariable]: JSON.stringify({ [`https://${host}:443`]: aks.url }),
  });
}

async function bankStack(engine: Engine, name: string, env: NodeJS.ProcessEnv): Promise<Stack> {
  const folder = projectFolder(engine, repositoryRoot, { stack: name, links: ['examples'] });
  return Stack.create(engine, { folder, project: 'manara', name }, env);
}
