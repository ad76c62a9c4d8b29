import type { Cluster } from '@pulumi/aws/eks';
import { jsonStringify, type Output } from '@pulumi/pulumi';

/** How to reach a cluster: with a token that the AWS CLI makes when it is needed, so with no secret. */
export function kubeconfigOf(cluster: Cluster, region: string): Output<string> {
  const { name } = cluster;
  return jsonStringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name,
        cluster: {
          server: cluster.endpoint,
          'certificate-authority-data': cluster.certificateAuthority.data,
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1beta1',
            command: 'aws',
            args: ['eks', 'get-token', '--region', region, '--cluster-name', name],
            interactiveMode: 'Never',
          },
        },
      },
    ],
  });
}
