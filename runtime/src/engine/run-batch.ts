import type { Tensor } from '../protocol/tensor';
import { joinRows, splitRows } from './rows';
import type { EngineSession } from './session';

/** Requests that the engine is to run together. */
export interface Batch {
  /** Inputs of the requests; joined already where there are fewer parts than requests. */
  readonly parts: readonly (readonly Tensor[])[];
  /** Rows of each request. */
  readonly rows: readonly number[];
  /** Names of the outputs to compute. */
  readonly outputs: readonly string[];
}

/** What became of one request. */
export type Outcome =
  | { readonly ok: true; readonly outputs: readonly Tensor[] }
  | { readonly ok: false; readonly error: string };

/** What became of a batch, and the time inside the engine. */
export interface BatchResult {
  /** Of all requests together, not split yet, or of each where they had to run one by one. */
  readonly outcome:
    | { readonly kind: 'together'; readonly outputs: readonly Tensor[] }
    | { readonly kind: 'each'; readonly outcomes: readonly Outcome[] };
  readonly computeMicros: number;
}

/**
 * Runs requests together. What the engine refuses is run again one by one, so that no request fails
 * for its neighbour's values.
 */
export function runBatch(session: EngineSession, { parts, rows, outputs }: Batch): BatchResult {
  const inputs = joinRows(parts);
  const begin = performance.now();
  try {
    const results = session.run(inputs, outputs);
    const computeMicros = (performance.now() - begin) * 1000;
    checkRows(results, rows);
    return { outcome: { kind: 'together', outputs: results }, computeMicros };
  } catch (thrown) {
    const outcomes =
      rows.length === 1
        ? [failed(thrown)]
        : splitRows(inputs, rows).map((alone) => attempt(session, alone, outputs));
    const computeMicros = (performance.now() - begin) * 1000;
    return { outcome: { kind: 'each', outcomes }, computeMicros };
  }
}

/** A model that merges rows, or makes more of them, cannot say whose they are. */
function checkRows(results: readonly Tensor[], rows: readonly number[]): void {
  if (rows.length > 1) splitRows(results, rows);
}

function attempt(
  session: EngineSession,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Outcome {
  try {
    return { ok: true, outputs: session.run(inputs, outputs) };
  } catch (thrown) {
    return failed(thrown);
  }
}

function failed(thrown: unknown): Outcome {
  return { ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) };
}
