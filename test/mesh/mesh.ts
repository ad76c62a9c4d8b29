import { startRolloutsController } from '../bed/argo/rollouts-controller';
import type { ApiServer, StoredObject, WriteOptions } from '../bed/api-server';
import { ControlPlane } from '../bed/control-plane';
import {
  type CustomResourceGroup,
  customResources,
} from '../bed/custom-resources/custom-resources';
import { establish } from '../bed/custom-resources/establish';
import { envoyProgram } from '../bed/envoy/envoy';
import { gatewayDocuments, gatewayLabels } from '../bed/envoy/gateway';
import { Istiod, rootNamespace } from '../bed/istio/istiod';
import { plainEnvoy } from '../bed/istio/plain-envoy';
import { writeKubeconfig } from '../bed/kubeconfig';
import { Kubelet } from '../bed/kubelet/kubelet';
import { hasLabels, isReady, type Labels, type Pod } from '../bed/kubelet/pod';
import { Programs } from '../bed/kubelet/program';
import { MetricValues } from '../bed/metrics/metric-values';
import { MetricsApi } from '../bed/metrics/metrics-api';
import { metricsDocuments } from '../bed/metrics/metrics-documents';
import { Prometheus } from '../bed/prometheus/prometheus';
import { rateLimitProgram } from '../bed/ratelimit/rate-limit-program';
import { ScrapeTargets } from '../bed/prometheus/scrape-targets';
import type { KubernetesDocument } from '../support/documents';
import { eventually } from '../support/eventually';
import { join } from 'node:path';
import { Gateway } from './gateway';
import type { MeshNeeds } from './needs';
import { meshNodes } from './nodes';
import { echo } from './programs';

/** What is stopped at the end, the last started first. */
type Stop = () => unknown;

/**
 * A cluster with a mesh, all of it real but its nodes: API server, controllers, scheduler, istiod, an
 * Envoy as its gateway, the controller of Argo Rollouts, Prometheus. Pods are processes, as `programs`
 * says. Only in the network that in-network.sh makes.
 */
export class Mesh {
  private constructor(
    readonly api: ApiServer,
    readonly kubelet: Kubelet,
    /** What plays which image. There are `echo` and, as `envoy` and `proxyv2`, Envoy. */
    readonly programs: Programs,
    readonly gateway: Gateway,
    readonly prometheus: Prometheus,
    /** What autoscalers are told. */
    readonly metrics: MetricValues,
    private readonly stops: readonly Stop[],
  ) {}

  /** Starts all of it; 15 to 20 s on two cores. */
  static async start({ binaries, envoy, prometheus, resources }: MeshNeeds): Promise<Mesh> {
    const stops: Stop[] = [];
    const stopping = <T extends { stop: Stop }>(part: T): T => {
      stops.unshift(() => part.stop());
      return part;
    };
    try {
      const { api, address, folder, certificates } = stopping(await ControlPlane.start(binaries));
      const kubeconfig = join(folder, 'mesh.kubeconfig');
      writeKubeconfig(kubeconfig, { mesh: address }, 'mesh');
      const programs = new Programs();
      programs.add('echo', echo);
      programs.add('ratelimit', rateLimitProgram(binaries.ratelimit));
      await establish(api, resources);
      const kubelet = stopping(await Kubelet.start({ api, folder, nodes: meshNodes, programs }));
      const targets = stopping(await ScrapeTargets.start(() => kubelet.pods));
      const values = new MetricValues();
      const pods = (): readonly Pod[] => kubelet.pods;
      const certificate = certificates.server;
      stopping(await MetricsApi.start({ certificate, pods, values }));
      await makeNamespace(api, rootNamespace, {});
      const pilot = binaries['pilot-discovery'];
      const rollouts = binaries['rollouts-controller'];
      const [istiod, monitor] = await Promise.all([
        Istiod.start({ binary: pilot, folder, kubeconfig }).then(stopping),
        Prometheus.start({ ...prometheus, folder, targetsUrl: targets.url }).then(stopping),
        startRolloutsController({ binary: rollouts, folder, kubeconfig }).then(stopping),
      ]);
      const proxy = envoyProgram(envoy, istiod.discovery);
      for (const image of ['envoy', 'proxyv2']) programs.add(image, proxy);
      const gateway = new Gateway(await startGateway(api, kubelet));
      stops.unshift(() => {
        gateway.close();
      });
      return new Mesh(api, kubelet, programs, gateway, monitor, values, stops);
    } catch (error) {
      await stopAll(stops);
      throw error;
    }
  }

  /** Makes a namespace that pods can be created in. */
  async namespace(name: string, labels: Labels = {}): Promise<void> {
    await makeNamespace(this.api, name, labels);
  }

  /**
   * Server-side apply with strict field validation, Namespaces first.
   *
   * @throws ApiError of the first that is refused
   */
  async apply(
    documents: readonly KubernetesDocument[],
    options?: WriteOptions,
  ): Promise<readonly StoredObject[]> {
    const rank = ({ kind }: KubernetesDocument): number => Number(kind !== 'Namespace');
    const applied: StoredObject[] = [];
    for (const document of [...documents].sort((a, b) => rank(a) - rank(b))) {
      applied.push((await this.api.applyStrict(document, options)).object);
    }
    return applied;
  }

  /** Teaches the API server more kinds. @throws Error where they cannot be had */
  async addCustomResources(...groups: readonly CustomResourceGroup[]): Promise<void> {
    const definitions = customResources(...groups);
    if (definitions === undefined) throw new Error(`no custom resources of ${groups.join(', ')}`);
    await establish(this.api, definitions);
  }

  /** Pods of a namespace that are ready and not about to end, those that have all of the labels. */
  readyPods(namespace: string, labels: Labels = {}): readonly Pod[] {
    return readyPods(this.kubelet, namespace, labels);
  }

  async stop(): Promise<void> {
    await stopAll(this.stops);
  }
}

async function startGateway(api: ApiServer, kubelet: Kubelet): Promise<string> {
  for (const document of [plainEnvoy, ...gatewayDocuments, ...metricsDocuments])
    await api.applyStrict(document);
  const pod = await eventually(
    'a gateway that is ready',
    () => readyPods(kubelet, rootNamespace, gatewayLabels)[0],
  );
  return pod.status!.podIP!;
}

async function makeNamespace(api: ApiServer, name: string, labels: Labels): Promise<void> {
  await api.applyStrict({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  // Which a controller makes, and without which no pod is admitted.
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await eventually(`service account of ${name}`, () => api.get(account, { namespace: name }));
}

function readyPods(kubelet: Kubelet, namespace: string, labels: Labels): readonly Pod[] {
  return kubelet.pods.filter(
    (pod) => pod.metadata.namespace === namespace && isReady(pod) && hasLabels(pod, labels),
  );
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops) await stop();
}
