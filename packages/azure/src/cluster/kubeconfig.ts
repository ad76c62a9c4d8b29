import { listManagedClusterUserCredentialsOutput } from '@pulumi/azure-native/containerservice';
import type { ManagedCluster } from '@pulumi/azure-native/containerservice';
import { all, type Input, type Output, type Resource } from '@pulumi/pulumi';
import type { KubeloginMode } from './cluster-args';

/** Application id of AKS's API servers in Entra ID, the same for every cluster. Source: kubelogin's docs, read 2026-11. */
const serverId = '6dae42f8-4368-4678-94ff-3960e28e3630';

interface KubeconfigInput {
  readonly cluster: ManagedCluster;
  readonly resourceGroupName: Input<string>;
  readonly tenantId: Input<string>;
  readonly login: KubeloginMode;
  readonly parent: Resource;
}

/**
 * How a cluster is reached, and no secret: who runs Pulumi gets a token of their own from `kubelogin`.
 * Of what Azure answers, only the certificate of the cluster's authority is taken.
 */
export function kubeconfigOf({
  cluster,
  resourceGroupName,
  tenantId,
  login,
  parent,
}: KubeconfigInput): Output<string> {
  const { kubeconfigs } = listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: cluster.name },
    { parent },
  );
  return all([cluster.name, cluster.privateFQDN, kubeconfigs, tenantId]).apply(
    ([name, host, [answer], tenant]) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [
          {
            name,
            cluster: {
              server: `https://${host}:443`,
              'certificate-authority-data': authorityIn(answer?.value ?? ''),
            },
          },
        ],
        users: [
          {
            name,
            user: {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1',
                command: 'kubelogin',
                args: [
                  'get-token',
                  '--login',
                  login,
                  '--server-id',
                  serverId,
                  '--tenant-id',
                  tenant,
                ],
                interactiveMode: 'Never',
              },
            },
          },
        ],
      }),
  );
}

/** @param kubeconfig in base64, as Azure gives it */
function authorityIn(kubeconfig: string): string {
  const text = Buffer.from(kubeconfig, 'base64').toString();
  return /certificate-authority-data: (\S+)/.exec(text)?.[1] ?? '';
}
