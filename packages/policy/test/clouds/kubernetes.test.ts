import { kubernetesObject, passes, refused, uae } from '../support/judge';

const configMap = 'kubernetes:core/v1:ConfigMap';

function kubeconfig(...hosts: readonly string[]): string {
  return hosts.map((host) => `- cluster: { server: "https://${host}" }`).join('\n');
}

describe('where an object of Kubernetes is', () => {
  it("is where the pack says that its provider's cluster is", async () => {
    await passes(kubernetesObject(configMap));
    await refused(
      'flow-is-declared',
      { type: configMap, providerName: 'elsewhere' },
      /nothing tells where the cluster of its provider is\nfix: add located: \{ 'kubernetes:elsewhere': '<place>' \}/,
    );
    await passes(
      { type: configMap, providerName: 'default_4_34_2' },
      { ...uae, located: { 'kubernetes:default': 'azure:uaenorth' } },
    );
    await refused('flow-stays-in-zone', kubernetesObject(configMap), /is at aws:eu-west-1/, {
      ...uae,
      located: { 'kubernetes:dubai': 'aws:eu-west-1' },
    });
  });

  it('is where the API server of the kubeconfig is', async () => {
    const eks = (region: string) => `0F1E.gr7.${region}.eks.amazonaws.com`;
    const inCluster = (...hosts: readonly string[]) => ({
      type: configMap,
      providerProps: { kubeconfig: kubeconfig(...hosts) },
    });
    await passes(inCluster(eks('me-central-1')));
    await passes({
      type: configMap,
      providerProps: {
        kubeconfig: JSON.stringify({
          clusters: [{ cluster: { server: `https://${eks('me-central-1')}` } }],
        }),
      },
    });
    await refused('flow-stays-in-zone', inCluster(eks('eu-west-1')), /is at aws:eu-west-1/);
    await refused(
      'flow-is-declared',
      inCluster(eks('me-central-1'), eks('eu-west-1')),
      /nothing tells where the cluster/,
    );
    await refused('flow-is-declared', inCluster('10.0.0.1:6443'), /nothing tells/);
    await passes(inCluster('bank-1a2b.private.uaenorth.azmk8s.io:443'));
    await refused(
      'flow-stays-in-zone',
      inCluster('bank-1a2b.hcp.westeurope.azmk8s.io:443'),
      /is at azure:westeurope/,
    );
  });
});
