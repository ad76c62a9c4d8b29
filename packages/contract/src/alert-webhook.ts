import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { schemaFaults } from './schema-faults';

/** What Alertmanager sends, as far as it is read. Source: Prometheus, "webhook_config"; read 2026-11. */
const webhookSchema = Type.Object({
  version: Type.Literal('4'),
  alerts: Type.Array(
    Type.Object({
      status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
      labels: Type.Record(Type.String(), Type.String()),
      startsAt: Type.String(),
      fingerprint: Type.String({ pattern: '^[0-9a-f]{1,32}$' }),
    }),
  ),
});

/** An alert as Alertmanager tells of it. */
export type ToldAlert = Static<typeof webhookSchema>['alerts'][number];

/** @throws Error listing why a text is no webhook of Alertmanager's */
export function parseAlertWebhook(text: string): readonly ToldAlert[] {
  const value: unknown = JSON.parse(text);
  if (Value.Check(webhookSchema, value)) return value.alerts;
  throw new Error(schemaFaults(webhookSchema, value).join('; '));
}
