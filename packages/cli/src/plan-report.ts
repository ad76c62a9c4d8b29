import type { WorkloadPlan } from '@manara/constructs';
import { formatTable } from './table';
import type { Colors } from './terminal';

const head = [
  'endpoint',
  'site',
  'replicas',
  'peak',
  'held at',
  'spare',
  'cold start',
  'reaction',
  'autoscaler',
] as const;

/** Plans as people read them: a table, and below it why, once for sites that have the same. */
export function formatPlans(plans: readonly WorkloadPlan[], colors: Colors): string {
  const lines = formatTable(head, plans.map(row));
  return [
    ...lines.map((line, i) => (i === 0 ? colors.bold(line) : line)),
    ...alike(plans).flatMap((group) => ['', ...reasons(group, colors)]),
  ].join('\n');
}

function row(one: WorkloadPlan): readonly string[] {
  const { plan, endpoint, site, role, idleReplicas, autoscaler, follows } = one;
  return [
    endpoint,
    role === 'standby' ? `${site} (standby)` : site,
    `${idleReplicas} to ${plan.maxReplicas}`,
    String(plan.peakReplicas),
    heldAt(one),
    String(plan.spareReplicas),
    seconds(coldStart(one)),
    seconds(plan.reactionSeconds),
    [autoscaler, ...follows].join(' '),
  ];
}

function heldAt({ plan: { target } }: WorkloadPlan): string {
  const { cpuPercent, busyPercent, requestsPerSecond } = target;
  const use = cpuPercent === undefined ? `${busyPercent} % busy` : `${cpuPercent} % CPU`;
  return `${short(requestsPerSecond)}/s, ${use}`;
}

function coldStart({ plan }: WorkloadPlan): number {
  const { nodeSeconds, imagePullSeconds, loadSeconds, firstInferenceSeconds } = plan.coldStart;
  return nodeSeconds + imagePullSeconds + loadSeconds + firstInferenceSeconds;
}

function seconds(value: number): string {
  return `${short(value)} s`;
}

function short(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** Sites of one endpoint that are planned for the same reasons. */
function alike(plans: readonly WorkloadPlan[]): readonly (readonly WorkloadPlan[])[] {
  const groups = new Map<string, WorkloadPlan[]>();
  for (const one of plans) {
    const key = [one.endpoint, ...one.plan.why].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function reasons(group: readonly WorkloadPlan[], colors: Colors): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const sites = group.map(({ site }) => site).join(', ');
  const standby = group.some(({ role }) => role === 'standby')
    ? ['  A standby keeps one replica warm, and may grow to the rest.']
    : [];
  return [
    `${colors.bold(first.endpoint)} on ${sites}`,
    ...first.plan.why.map((why) => `  ${why}`),
    ...standby,
  ];
}
