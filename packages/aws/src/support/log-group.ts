import { LogGroup } from '@pulumi/aws/cloudwatch';
import type { Key } from '@pulumi/aws/kms';
import { type CloudKind, refuseArg } from '@manara/pulumi';
import type { ChildContext } from '../aws-component';

/** The days that CloudWatch Logs can keep events for. Source: its API, PutRetentionPolicy; read 2026-11. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export const defaultRetentionDays = 365;

/** @throws DeployError MANARA_ARGS for days that CloudWatch Logs does not offer */
export function checkRetention(kind: CloudKind, name: string, days: number | undefined): void {
  if (days === undefined || retentions.includes(days)) return;
  refuseArg(kind, name, 'logRetentionDays', `one of ${retentions.join(', ')}`, days);
}

interface LogGroupOptions {
  readonly key: Key;
  readonly retentionDays: number | undefined;
  /** @default - Pulumi's own choice */
  readonly physicalName?: string;
}

/** A log group that is encrypted with a key of one's own, and kept for a stated time. */
export function encryptedLogGroup(
  { name, region, tags, child }: ChildContext,
  suffix: string,
  { key, retentionDays, physicalName }: LogGroupOptions,
): LogGroup {
  return new LogGroup(
    `${name}-${suffix}`,
    {
      ...(physicalName === undefined ? {} : { name: physicalName }),
      kmsKeyId: key.arn,
      retentionInDays: retentionDays ?? defaultRetentionDays,
      region,
      tags,
    },
    child,
  );
}
