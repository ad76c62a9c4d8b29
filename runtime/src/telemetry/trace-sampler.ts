import type * as Sdk from '@opentelemetry/sdk-trace-node';

/**
 * Which spans are recorded: of requests, those that the caller samples, and of those whose caller says
 * nothing a share; of runs, those that serve a recorded request.
 *
 * @param ratio - from 0 to 1.
 */
export function traceSampler(sdk: typeof Sdk, ratio: number): Sdk.Sampler {
  const { ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler } = sdk;
  const requests = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      // Only requests that are recorded are ever linked to.
      links.length > 0
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : requests.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => `Manara(${requests.toString()})`,
  };
}
