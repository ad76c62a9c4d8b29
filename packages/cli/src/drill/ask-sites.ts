import type { AskedSite } from './readiness';
import { sampleRequests } from './sample-requests';
import { failureOf, type SiteClient } from './site-client';
import { NonsenseError, readInputs, readOutputs, type Tensor } from './tensors';

export interface Question {
  readonly model: string;
  readonly version: number;
  /** How many requests are made up. */
  readonly requests: number;
  /** Body to send instead. */
  readonly sample?: string;
}

/** Statuses by which a server says that it cannot do with what it was sent; 500, as its engine fails on it. */
const refusals = [400, 406, 413, 500];

/** What one site said to all requests, or why not. */
export type Said =
  | { readonly outputs: readonly (readonly Tensor[])[] }
  | { readonly failure: string; readonly refused: boolean };

/** The sample, or requests made up from the first metadata that can be had. */
export async function bodiesOf(
  { model, version, requests, sample }: Question,
  sites: readonly AskedSite[],
): Promise<{ readonly bodies: readonly string[] } | { readonly failure: string }> {
  if (sample !== undefined) return { bodies: [sample] };
  const failures: string[] = [];
  for (const { client } of sites) {
    const reply = await client.metadata(model, version);
    try {
      const failure = failureOf(reply);
      if (failure !== undefined) throw new NonsenseError(failure);
      if (!reply.answered) continue;
      return { bodies: sampleRequests(model, readInputs(reply.text), requests) ?? [] };
    } catch (error) {
      if (!(error instanceof NonsenseError)) throw error;
      failures.push(error.message);
    }
  }
  return { failure: `no site gives the metadata (${failures.join('; ')})` };
}

/** One after the other; the first that fails is the last, so that a silent site costs one time limit. */
export async function askAll(
  client: SiteClient,
  { model, version }: Question,
  bodies: readonly string[],
): Promise<Said> {
  const outputs: (readonly Tensor[])[] = [];
  for (const body of bodies) {
    const reply = await client.infer(model, body, version);
    const failure = failureOf(reply);
    if (failure !== undefined || !reply.answered) {
      const refused = reply.answered && refusals.includes(reply.status);
      return { failure: failure ?? 'no answer', refused };
    }
    try {
      outputs.push(readOutputs(reply.text, version));
    } catch (error) {
      if (!(error instanceof NonsenseError)) throw error;
      return { failure: `answered nonsense: ${error.message}`, refused: false };
    }
  }
  return { outputs };
}
