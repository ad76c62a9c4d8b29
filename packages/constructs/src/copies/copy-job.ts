import { createHash } from 'node:crypto';
import type { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import type { Labels } from '../peer';
import { egressRules, nonEmpty, type WayOut } from '../pods/network-rules';
import { restrictedContainer, restrictedPod } from '../pods/restricted';
import type { Site } from '../site';
import { copyDeadlineSeconds, copySchedule } from './copy-schedule';

/** Something that is copied again and again, by pods of one site. */
export interface CopyJob {
  readonly site: Site;
  /** Name of its objects. */
  readonly name: string;
  /** Labels that select its pods, and no others of the site. */
  readonly selector: Labels;
  /** Labels of its objects, the selector's among them. */
  readonly labels: Labels;
  readonly every: Duration;
  /** Bytes that a run may have to bring; 0 where they are not known. */
  readonly bytes: number;
  /**
   * What tells one content from another: a Job of its own brings it at once, before the clock does.
   * @default - the clock does
   */
  readonly content?: string;
  /** Annotations of the service account. */
  readonly identity: Readonly<Record<string, string>>;
  /** Without a security context, which every pod of a site has alike. */
  readonly containers: readonly Omit<k8s.Container, 'securityContext'>[];
  readonly volumes: readonly k8s.Volume[];
  /** Everything that the pods connect to. */
  readonly waysOut: readonly WayOut[];
}

/** Kubernetes adds eleven characters for each run, and a Job's name becomes a label of 63. */
const longestName = 52;

/**
 * A CronJob with an identity of its own, which reaches what it copies and nothing else: one run at a time.
 *
 * @returns the Job that brings the first content, where there is one
 * @throws ConstructError MANARA_NAME for a name that no CronJob can have, MANARA_SCHEDULE for the period
 */
export function addCopyJob(scope: Construct, job: CopyJob): k8s.KubeJob | undefined {
  const { name, site, selector } = job;
  validateJobName(scope.node.path, name);
  const { cron, seconds } = copySchedule(scope.node.path, 'every', job.every);
  const labels = { ...job.labels };
  new k8s.KubeServiceAccount(scope, 'service-account', {
    metadata: {
      name,
      labels,
      ...(Object.keys(job.identity).length === 0 ? {} : { annotations: { ...job.identity } }),
    },
    automountServiceAccountToken: false,
  });
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: { ...selector } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({ egress: [...egressRules(job.waysOut, site.dns)] }),
    },
  });
  new k8s.KubeCronJob(scope, 'job', {
    metadata: { name, labels },
    spec: {
      schedule: cron,
      concurrencyPolicy: 'Forbid',
      // Without it a controller that was away for a hundred periods would never start one again.
      startingDeadlineSeconds: seconds,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: { metadata: { labels }, spec: jobSpec(job, { backoffLimit: 2 }) },
    },
  });
  if (job.content === undefined) return undefined;
  // What a Job runs can never be changed: another content is another Job.
  const digest = createHash('sha256').update(job.content).digest('hex').slice(0, 10);
  return new k8s.KubeJob(scope, 'first', {
    metadata: { name: `${name}-${digest}`, labels },
    spec: jobSpec(job, { backoffLimit: 6 }),
  });
}

function jobSpec(job: CopyJob, retries: Pick<k8s.JobSpec, 'backoffLimit'>): k8s.JobSpec {
  return {
    activeDeadlineSeconds: copyDeadlineSeconds(job.every, job.bytes),
    ...retries,
    template: { metadata: { labels: podLabels(job) }, spec: podSpec(job) },
  };
}

/** It calls no endpoint and answers nobody: what it reaches, the network policy says. */
function podLabels({ labels, site }: CopyJob): Record<string, string> {
  return { ...labels, ...site.mesh?.lowering.outsideLabels };
}

function podSpec({ name, containers, volumes }: CopyJob): k8s.PodSpec {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    // A pod that failed stays, with its log, until its Job goes.
    restartPolicy: 'Never',
    securityContext: restrictedPod,
    containers: containers.map((container) => ({
      ...container,
      securityContext: restrictedContainer,
    })),
    ...nonEmpty({ volumes: [...volumes] }),
  };
}

/** @throws ConstructError MANARA_NAME for a name that no CronJob can have */
export function validateJobName(at: string, name: string): void {
  if (name.length <= longestName) return;
  throw new ConstructError(
    'MANARA_NAME',
    at,
    `id: a CronJob is named after it, "${name}"; expected at most ${longestName} characters, received ${name.length}`,
  );
}

/** Amounts of resources by name, from their text: `256Mi`. */
export function quantities(texts: Readonly<Record<string, string>>): Record<string, k8s.Quantity> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, k8s.Quantity.fromString(value)]),
  );
}
