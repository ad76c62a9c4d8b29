import type { Source } from '../source';

/** What is known of where a public host keeps or sends what it is given. */
export interface HostFact {
  /** The host; its subdomains are meant as well. */
  readonly host: string;
  /** Who runs it. */
  readonly operator: string;
  /**
   * ISO 3166-1 alpha-2 of the countries that it keeps data in; `worldwide` where it answers from
   * wherever its network or contents happen to be, so that no place can be claimed for it.
   */
  readonly countries: readonly string[] | 'worldwide';
  /** Where the claim comes from. */
  readonly source: Source;
}

const read = '2026-11-22';

const docker: Source = {
  title: 'Docker Desktop, Allowlist: pulls and pushes go through Cloudflare and CloudFront',
  where: 'docker/docs on GitHub, content/manuals/desktop/setup/allow-list.md',
  standing: 'primary',
  read,
};
const github: Source = {
  title: 'GitHub Community 27606: GitHub.com stores its data in the USA by default',
  where: 'github.com/orgs/community',
  standing: 'secondary',
  read,
};
const quay: Source = {
  title: 'OpenShift, Configuring your firewall: quay.io serves images through a CDN',
  where: 'openshift/openshift-docs on GitHub, modules/configuring-firewall.adoc',
  standing: 'primary',
  read,
};
const ngc: Source = {
  title: 'No place is documented for NVIDIA NGC, and none of its data centres is known in the UAE',
  where: 'docs.nvidia.com/ngc, searched',
  standing: 'computed',
  read,
};
const kubernetes: Source = {
  title: 'registry.k8s.io, README: addresses and backing services may change at any time',
  where: 'kubernetes/registry.k8s.io on GitHub',
  standing: 'primary',
  read,
};
const microsoft: Source = {
  title: 'Microsoft Artifact Registry endpoints: load balanced across worldwide regions',
  where: 'microsoft/containerregistry on GitHub, docs/mcr-endpoints-guidance.md',
  standing: 'primary',
  read,
};
const ecrPublic: Source = {
  title: 'Alchemy, AWS.ECRPublic: a global service, whose registry is managed from us-east-1 only',
  where: 'alchemy.run/providers/aws/ecrpublic',
  standing: 'secondary',
  read,
};
const googleRegistry: Source = {
  title: 'No place is named by gcr.io, and Google has no region in the UAE',
  where: 'docs.cloud.google.com/artifact-registry, searched',
  standing: 'computed',
  read,
};
const cloudStorage: Source = {
  title: 'Cloud Storage, Locational endpoints: a global endpoint may process a request elsewhere',
  where: 'docs.cloud.google.com/storage/docs/locational-endpoints',
  standing: 'primary',
  read,
};
const cloudFront: Source = {
  title: 'CloudFront delivers content through a worldwide network of edge locations',
  where: 'docs.amazonaws.cn, SDK for PHP, Developer Guide',
  standing: 'primary',
  read,
};
const s3Global: Source = {
  title: 'S3UsEast1RegionalEndpointValue: the legacy global endpoint of S3, of us-east-1',
  where: 'docs.aws.amazon.com/sdkfornet',
  standing: 'primary',
  read,
};
const huggingFace: Source = {
  title: 'Hugging Face Hub, Storage Regions: US and EU',
  where: 'huggingface.co/docs/hub/storage-regions',
  standing: 'primary',
  read,
};
const datadog: Source = {
  title: 'Getting Started with Datadog Sites, table of sites and locations',
  where: 'docs.datadoghq.com',
  standing: 'primary',
  read,
};
const datadogUk: Source = {
  title: 'Datadog agent-skills, dd-account-setup, regions.md: UK1 is London',
  where: 'datadog-labs/agent-skills on GitHub',
  standing: 'primary',
  read,
};
const launchDarkly: Source = {
  title: 'LaunchDarkly in the EU: Frankfurt, with monitoring and CDN in the United States',
  where: 'launchdarkly.com/docs/home/infrastructure/eu',
  standing: 'primary',
  read,
};

/**
 * Public hosts that models, images, telemetry or flags are commonly fetched from or sent to. None
 * documents a place in the UAE that its customer can choose.
 */
export const hosts: readonly HostFact[] = [
  { host: 'docker.io', operator: 'Docker Hub', countries: 'worldwide', source: docker },
  { host: 'docker.com', operator: 'Docker Hub', countries: 'worldwide', source: docker },
  { host: 'ghcr.io', operator: 'GitHub', countries: ['US'], source: github },
  { host: 'quay.io', operator: 'Red Hat Quay.io', countries: 'worldwide', source: quay },
  { host: 'nvcr.io', operator: 'NVIDIA NGC', countries: 'worldwide', source: ngc },
  {
    host: 'registry.k8s.io',
    operator: 'the Kubernetes project',
    countries: 'worldwide',
    source: kubernetes,
  },
  {
    host: 'mcr.microsoft.com',
    operator: 'Microsoft Artifact Registry',
    countries: 'worldwide',
    source: microsoft,
  },
  {
    host: 'public.ecr.aws',
    operator: 'Amazon ECR Public',
    countries: 'worldwide',
    source: ecrPublic,
  },
  {
    host: 'gcr.io',
    operator: 'Google Container Registry',
    countries: 'worldwide',
    source: googleRegistry,
  },
  {
    host: 'storage.googleapis.com',
    operator: 'Google Cloud Storage',
    countries: 'worldwide',
    source: cloudStorage,
  },
  {
    host: 's3.amazonaws.com',
    operator: 'Amazon S3, global endpoint',
    countries: 'worldwide',
    source: s3Global,
  },
  {
    host: 'cloudfront.net',
    operator: 'Amazon CloudFront',
    countries: 'worldwide',
    source: cloudFront,
  },
  ...['huggingface.co', 'hf.co'].map((host) => ({
    host,
    operator: 'Hugging Face',
    // The documentation says "EU" and names no country.
    countries: 'worldwide' as const,
    source: huggingFace,
  })),
  ...[
    { host: 'us3.datadoghq.com', country: 'US' },
    { host: 'us5.datadoghq.com', country: 'US' },
    { host: 'ap1.datadoghq.com', country: 'JP' },
    { host: 'ap2.datadoghq.com', country: 'AU' },
    { host: 'datadoghq.com', country: 'US' },
    { host: 'datadoghq.eu', country: 'DE' },
    { host: 'ddog-gov.com', country: 'US' },
  ].map(({ host, country }) => ({
    host,
    operator: 'Datadog',
    countries: [country],
    source: datadog,
  })),
  { host: 'uk1.datadoghq.com', operator: 'Datadog', countries: ['GB'], source: datadogUk },
  {
    host: 'eu.launchdarkly.com',
    operator: 'LaunchDarkly EU',
    countries: ['DE', 'US'],
    source: launchDarkly,
  },
  { host: 'launchdarkly.com', operator: 'LaunchDarkly', countries: ['US'], source: launchDarkly },
];

/** The fact on a host, or on the nearest of its parent domains that the table has. */
export function hostFact(host: string): HostFact | undefined {
  return hosts
    .filter((fact) => host === fact.host || host.endsWith(`.${fact.host}`))
    .sort((a, b) => b.host.length - a.host.length)[0];
}
