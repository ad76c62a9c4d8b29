import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { schemaFaults } from './schema-faults';

/**
 * The server image's mode that acts on alerts: `manara-server remediate` takes what Alertmanager sends to its
 * webhook and does what the endpoint's table allows, once for each alert.
 */
export const remediateCommand = 'remediate';

/** What the remediator and the constructs agree on. */
export const remediation = {
  port: 8080,
  /** Where Alertmanager sends to. */
  path: '/alerts',
  healthPath: '/health',
  /** Key of an endpoint's table in its ConfigMap. */
  configMapKey: 'remediation.json',
  /** Annotation of what was acted on: when, for which alert, and how it was before. */
  annotation: 'manara.dev/remediation',
  /** Label of the alerts that something is done about: which action. */
  alertLabel: 'remediation',
} as const;

/** ConfigMap that holds an endpoint's table. */
export function remediationConfigMap(endpoint: string): string {
  return `${endpoint}-remediation`;
}

const strict = { additionalProperties: false } as const;
const name = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$' });
const common = {
  alert: Type.String({ minLength: 1, description: 'Name of the alert that it answers.' }),
  coolDownSeconds: Type.Integer({
    minimum: 0,
    description: 'Time after one action on the same object within which there is no other.',
  }),
};

const scaleOut = Type.Object(
  {
    ...common,
    kind: Type.Literal('scaleOut'),
    autoscaler: name,
    percent: Type.Integer({
      minimum: 1,
      maximum: 100,
      description: 'Replicas more than there are, kept until the alert is over.',
    }),
    maxReplicas: Type.Integer({ minimum: 1, description: 'Replicas that it never goes beyond.' }),
  },
  strict,
);

const fallBack = Type.Object(
  {
    ...common,
    kind: Type.Literal('fallBack'),
    deployment: name,
    model: Type.String({ minLength: 1 }),
    version: Type.Integer({ minimum: 1, description: 'The version that answers from then on.' }),
  },
  strict,
);

const abortRollout = Type.Object(
  { ...common, kind: Type.Literal('abortRollout'), rollout: name },
  strict,
);

/** JSON Schema of the actions that alerts of an endpoint may lead to. */
export const remediationSchema = Type.Object(
  { actions: Type.Array(Type.Union([scaleOut, fallBack, abortRollout])) },
  strict,
);

export type RemediationTable = Static<typeof remediationSchema>;
export type RemediationAction = RemediationTable['actions'][number];
export type ScaleOutAction = Static<typeof scaleOut>;
export type FallBackAction = Static<typeof fallBack>;
export type AbortRolloutAction = Static<typeof abortRollout>;

/** @throws Error listing what is wrong. */
export function parseRemediationTable(text: string): RemediationTable {
  const value: unknown = JSON.parse(text);
  if (Value.Check(remediationSchema, value)) return value;
  throw new Error(schemaFaults(remediationSchema, value).join('; '));
}
