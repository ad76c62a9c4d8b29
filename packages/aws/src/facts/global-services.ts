import type { Source } from '@manara/residency';

/** A service whose requests are signed for a region abroad, wherever they are about. */
export interface GlobalServiceFact {
  /** Prefix of its actions: `iam`. */
  readonly prefix: string;
  /** What is lost without it. */
  readonly needed: string;
}

/**
 * Exceptions of the region deny. Each is a hole: what these services are told goes abroad, so the list is
 * as short as an account can live with. CloudFront and Global Accelerator, which AWS's own example lets
 * pass, are not on it: they carry requests themselves.
 */
export const globalServices: readonly GlobalServiceFact[] = [
  { prefix: 'budgets', needed: 'alarms on cost' },
  { prefix: 'ce', needed: 'reports of cost' },
  { prefix: 'health', needed: 'notices of outages in the region' },
  { prefix: 'iam', needed: 'roles and policies' },
  { prefix: 'organizations', needed: 'the guardrails themselves' },
  { prefix: 'route53', needed: 'public names' },
  { prefix: 'support', needed: 'cases with AWS' },
];

export const globalServiceSources: readonly Source[] = [
  {
    title: 'AWS Organizations, Example SCPs: deny access based on the requested Region',
    where: 'docs.aws.amazon.com',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'botocore 1.44.5, data/endpoints.json: services signed in us-east-1',
    where: 'botocore on PyPI',
    standing: 'primary',
    read: '2026-11-22',
  },
];

/**
 * Bedrock's own inference profiles, which answer from several regions: `global.…`, `us.…`, `eu.…`,
 * `apac.…`, `jp.…`, `au.…`, and whatever comes. An account's own are `application-inference-profile/…`.
 */
export const crossRegionProfiles = 'inference-profile/*';

export const crossRegionProfileSource: Source = {
  title: 'Amazon Bedrock, Supported Regions and models for inference profiles',
  where: 'docs.aws.amazon.com',
  standing: 'primary',
  read: '2026-11-22',
};
