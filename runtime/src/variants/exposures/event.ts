import { randomUUID } from 'node:crypto';

/** What was decided for a request, or became of it; never what was in it. */
export interface VariantEvent {
  readonly type: 'dev.manara.variant.exposure' | 'dev.manara.variant.feedback';
  readonly model: string;
  readonly data: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** An event in the form of CloudEvents 1.0, structured mode. */
export function cloudEvent({ type, model, data }: VariantEvent): string {
  return JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: `/v2/models/${encodeURIComponent(model)}`,
    type,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}
