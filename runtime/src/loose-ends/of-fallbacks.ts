import type { FallbacksConfig } from '@manara/contract';
import { answering, type Served, whyNoVersion } from './served';

/** What `fallbacks` names that is not there, each with what comes of it. */
export function ofFallbacks(fallbacks: FallbacksConfig, served: Served): readonly string[] {
  return Object.entries(fallbacks).flatMap(([asked, { chain, elsewhere }]) => {
    const at = `fallbacks.${asked}`;
    const why = elsewhere === true ? undefined : whyNoVersion(served, asked);
    const links = chain.flatMap(({ model, version }, i) => {
      const missing = model === undefined ? undefined : whyMissing(served, model, version);
      return missing === undefined ? [] : [`${at}.chain.${i}: ${missing}; it is passed over`];
    });
    return why === undefined ? links : [`${at}: ${why}`, ...links];
  });
}

function whyMissing(
  served: Served,
  model: string,
  version: number | undefined,
): string | undefined {
  if (version === undefined) return whyNoVersion(served, model);
  const found = answering(served, model, version);
  return typeof found === 'string' ? found : undefined;
}
