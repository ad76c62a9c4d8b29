import { createHash } from 'node:crypto';
import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate';
import { ApiObject, Size, Yaml } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import { quantities } from '../../copies/copy-job';
import { derive } from '../../late/late';
import { egressRules, nonEmpty, peersOf, tcp } from '../../pods/network-rules';
import { partLabels, partSelector } from '../labels';
import { collectorConfig } from './collector-config';
import { collectorPorts } from './collector-image';
import { collectorPod } from './collector-pod';
import {
  certificateSecret,
  type Collector,
  collectorComponent,
  collectorHost,
} from './collector-spec';

/** One more than is needed, so that a drained node takes no span along. */
const replicas = 2;

/** The collector's pods, with a certificate, a configuration and a queue on disk; and the way in and out. */
export function addCollector(scope: Construct, collector: Collector): void {
  const { site, name, props, sinks } = collector;
  const below = new Construct(scope, 'collector');
  const queue = props.queue ?? Size.gibibytes(2);
  const labels = { ...partLabels(site, name, collectorComponent) };
  const text = Yaml.stringify(collectorConfig(sinks, queue.toKibibytes() * 1024));
  const config = new k8s.KubeConfigMap(below, 'config', {
    metadata: { name: `${name}-config`, labels },
    data: { 'config.yaml': text },
  });
  new k8s.KubeServiceAccount(below, 'service-account', {
    metadata: { name, labels },
    automountServiceAccountToken: false,
  });
  addCertificate(below, collector);
  const selector = { matchLabels: { ...partSelector(name, collectorComponent) } };
  new k8s.KubeStatefulSet(below, 'pods', {
    metadata: { name, labels },
    spec: {
      serviceName: name,
      replicas,
      // None waits for another: they share nothing.
      podManagementPolicy: 'Parallel',
      selector,
      template: {
        metadata: {
          labels,
          annotations: {
            'manara.dev/config-digest': derive(`${name}-config-digest`, text, (known) =>
              createHash('sha256').update(known).digest('hex'),
            ),
          },
        },
        spec: collectorPod(collector, config.name),
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'queue' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            ...(props.storageClass === undefined ? {} : { storageClassName: props.storageClass }),
            resources: { requests: quantities({ storage: `${queue.toMebibytes()}Mi` }) },
          },
        },
      ],
    },
  });
  addService(below, collector, labels);
  new k8s.KubePodDisruptionBudget(below, 'disruption-budget', {
    metadata: { name, labels },
    spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector },
  });
  addNetworkPolicy(below, collector, labels);
}

function addService(scope: Construct, { name }: Collector, labels: Record<string, string>): void {
  const port = (name: string, number: number): k8s.ServicePort => ({
    name,
    port: number,
    targetPort: k8s.IntOrString.fromNumber(number),
  });
  new k8s.KubeService(scope, 'service', {
    metadata: { name, labels },
    spec: {
      selector: { ...partSelector(name, collectorComponent) },
      ports: [
        port('otlp-grpc', collectorPorts.otlpGrpc),
        port('otlp-http', collectorPorts.otlpHttp),
      ],
    },
  });
}

/** Lets the namespace's own pods in, the scraper, and the collector out to the sinks. */
function addNetworkPolicy(
  scope: Construct,
  { site, name, sinks }: Collector,
  labels: Record<string, string>,
): void {
  const metrics = unlessAbsent(site.metrics);
  const otlp = [...tcp(collectorPorts.otlpGrpc, collectorPorts.otlpHttp)];
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: { ...partSelector(name, collectorComponent) } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress: [
          { from: [{ podSelector: {} }], ports: otlp },
          ...(metrics === undefined
            ? []
            : [{ from: [...peersOf(metrics.scrapedBy)], ports: [...tcp(collectorPorts.metrics)] }]),
        ],
        egress: [...egressRules(sinks, site.dns)],
      }),
    },
  });
}

function addCertificate(scope: Construct, collector: Collector): void {
  const { site, name, props } = collector;
  const host = collectorHost(collector);
  const certificate: ICertificate = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, labels: { ...partLabels(site, name, collectorComponent) } },
    spec: {
      secretName: certificateSecret(name),
      dnsNames: [host, `${host}.cluster.local`],
      usages: ['server auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      issuerRef: {
        group: 'cert-manager.io',
        kind: props.issuer.kind ?? 'ClusterIssuer',
        name: props.issuer.name,
      },
    },
  };
  new ApiObject(scope, 'certificate', certificate);
}
