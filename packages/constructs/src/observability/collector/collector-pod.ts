import { k8s } from 'cdk8s-plus-28';
import { quantities } from '../../copies/copy-job';
import { partSelector } from '../labels';
import { collectorFiles, collectorImage, collectorPorts } from './collector-image';
import { certificateSecret, type Collector, collectorComponent } from './collector-spec';

const { uid } = collectorImage;

/** Room for 20,000 spans on their way, and the processor's own limit below it. */
const memoryMebibytes = 512;

/** What a collector's pod runs. */
export function collectorPod(collector: Collector, configMap: string): k8s.PodSpec {
  const { site, name } = collector;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    securityContext: {
      runAsUser: uid,
      runAsGroup: uid,
      fsGroup: uid,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // What waits in the queue is on disk; what is being sent gets this long.
    terminationGracePeriodSeconds: 30,
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { ...partSelector(name, collectorComponent) } },
      }),
    ),
    containers: [
      {
        name: 'collector',
        image: site.images.image(collectorImage.name, collectorImage.tag),
        imagePullPolicy: 'IfNotPresent',
        args: [`--config=${collectorFiles.config}`],
        // Go gives memory back before the limit is reached.
        env: [{ name: 'GOMEMLIMIT', value: `${Math.floor(memoryMebibytes * 0.8)}MiB` }],
        ports: [
          { name: 'otlp-grpc', containerPort: collectorPorts.otlpGrpc },
          { name: 'otlp-http', containerPort: collectorPorts.otlpHttp },
          { name: 'metrics', containerPort: collectorPorts.metrics },
          { name: 'health', containerPort: collectorPorts.health },
        ],
        readinessProbe: probe(5),
        livenessProbe: probe(20),
        resources: {
          requests: quantities({ cpu: '100m', memory: `${memoryMebibytes}Mi`, ...disk }),
          limits: quantities({ cpu: '1', memory: `${memoryMebibytes}Mi`, ...disk }),
        },
        securityContext: {
          runAsNonRoot: true,
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          privileged: false,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'config', mountPath: collectorFiles.configFolder, readOnly: true },
          { name: 'certificate', mountPath: collectorFiles.certificates, readOnly: true },
          { name: 'queue', mountPath: collectorFiles.queue },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: configMap } },
      { name: 'certificate', secret: { secretName: certificateSecret(name) } },
    ],
  };
}

const disk = { 'ephemeral-storage': '64Mi' };

function probe(periodSeconds: number): k8s.Probe {
  return {
    httpGet: { path: '/', port: k8s.IntOrString.fromNumber(collectorPorts.health) },
    periodSeconds,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
}
