import type { ApiFacts, ApiFeature } from '@manara/contract';
import type { ResolvedOptions } from '../options';

/** What a configuration says of the document that callers read: what is on, and who is asked for. */
export type OfferedApi = Pick<ApiFacts, 'features' | 'identity'>;

export function offeredApi(options: ResolvedOptions): OfferedApi {
  const { jobs, variants, adminRoutes, controlMode, access } = options;
  const isOn: Readonly<Record<ApiFeature, boolean>> = {
    jobs: jobs !== undefined,
    batches: jobs?.folder !== undefined,
    feedback: variants?.feedback !== undefined,
    administration: adminRoutes,
    control: controlMode === 'explicit',
  };
  const { identity } = access;
  return {
    features: (Object.keys(isOn) as ApiFeature[]).filter((feature) => isOn[feature]),
    identity: identity && {
      apiKeys: identity.apiKeys !== undefined,
      tokens: identity.jwt !== undefined,
      certificates: identity.clientCertificates !== undefined,
    },
  };
}
