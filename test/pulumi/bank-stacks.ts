import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAddress } from '../bed/api-server';
import { execCredential } from '../bed/exec-credential';
import { writeKubeconfig } from '../bed/kubeconfig';
import { repositoryRoot } from '../support/paths';
import type { Engine } from './engine';
import { routesVariable } from './kubernetes-provider/routes';
import { projectFolder } from './project-folder';
import { Stack } from './stack';

/** Sites of the bank, and contexts of the kubeconfig. */
export const sites = ['aws-me-central-1', 'azure-uaenorth'] as const;
export type SiteName = (typeof sites)[number];

/** The API server of each site. */
export type Addresses = Readonly<Record<SiteName, ApiAddress>>;

/** The role that servers read weights with, which the configuration of development keeps secret. */
export const secretRole = 'arn:aws:iam::111122223333:role/model-reader';

/** `Pulumi.development.yaml`: the clusters are there, and a kubeconfig has them. */
export async function developmentStack(engine: Engine, addresses: Addresses): Promise<Stack> {
  const kubeconfig = join(engine.folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, addresses);
  const stack = await bankStack(engine, 'development', { KUBECONFIG: kubeconfig });
  await stack.command('config', 'set', '--secret', 'modelReaderRole', secretRole);
  return stack;
}

/**
 * `Pulumi.production.yaml`: the recorded clouds make the clusters, which turn out to be those of the bed.
 * Whoever reaches them has a token of neither cloud but the bed's certificate, from the commands that
 * the kubeconfigs of EKS and AKS name.
 */
export async function productionStack(engine: Engine, addresses: Addresses): Promise<Stack> {
  const eks = addresses['aws-me-central-1'];
  engine.aws.give('aws:eks/cluster:Cluster', 'dubai', {
    endpoint: eks.url,
    certificateAuthority: { data: eks.authority.toString('base64') },
  });
  addLogin(engine, 'aws', 'eks get-token --region me-central-1 --cluster-name dubai', eks);

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

/** A command that gives the bed's credential where it is called with these arguments, a shell's pattern. */
function addLogin(engine: Engine, command: string, args: string, address: ApiAddress): void {
  const credential = join(engine.folder, `${command}-credential.json`);
  writeFileSync(credential, execCredential(address), { mode: 0o600 });
  const executable = join(engine.folder, 'bin', command);
  writeFileSync(
    executable,
    `#!/bin/sh
case "$*" in
  ${args.replaceAll(' ', '\\ ')}) exec cat "${credential}" ;;
esac
echo "expected ${command} ${args}; received $*" >&2
exit 1
`,
  );
  chmodSync(executable, 0o755);
}
