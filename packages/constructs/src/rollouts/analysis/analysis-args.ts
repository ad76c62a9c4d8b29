import { args, samplesArg } from './queries';

/** A value, or which pods' hash, that a rollout gives to an analysis. */
export type AnalysisArg =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly valueFrom: { readonly podTemplateHashValue: string } };

/**
 * What a rollout tells its analyses.
 *
 * @param samples requests that each measure has to have seen
 */
export function analysisArgs(
  windowSeconds: number,
  samples: readonly (readonly [metric: string, samples: number])[] = [],
): AnalysisArg[] {
  return [
    { name: args.candidate, valueFrom: { podTemplateHashValue: 'Latest' } },
    { name: args.present, valueFrom: { podTemplateHashValue: 'Stable' } },
    { name: args.window, value: `${windowSeconds}s` },
    ...samples.map(([metric, count]) => ({ name: samplesArg(metric), value: String(count) })),
  ];
}
